import { addDays, type IsoDate } from '../../../ground/calendar/week.ts';
import type { Column, Dataset } from '../../../data/catalogue/dataset.ts';
import { CollectorError } from '../../../contract/error.ts';
import type { ScannedPart } from '../../../data/resultfile/spool.ts';
import type { Tx } from '../../../ground/database.ts';
import { refuseDamage } from './damage.ts';
import { findEmpty, findNoDate, findNoMonday, readWeeks, rowsOfWeek, type WeekOfFile } from './statements.ts';
import { cut, loadText, type TextFile } from './text-file.ts';

export interface SplitOptions {
  dataset: Dataset;
  instanceId: string;
  /** The Monday a person named; needed for files that do not tell their week. */
  week: IsoDate | undefined;
  /** A person looked at values that a spreadsheet may have damaged and takes them as they are. */
  overrule: boolean;
  /** For the pieces of files that hold several weeks. */
  spoolDirectory: string;
}

/** What a file holds of a week. */
export interface Piece {
  week: IsoDate;
  part: ScannedPart;
  /** Days that have rows; 'all' where rows belong to their week as a whole. */
  days: ReadonlySet<IsoDate> | 'all';
}

/**
 * Finds out which weeks and days a file holds, and cuts it into weeks if they are several. A file of one week is taken as it is.
 * @throws CollectorError result_header, result_value, invalid_request when the week cannot be told
 */
export async function splitByWeek(tx: Tx, part: ScannedPart, options: SplitOptions, signal: AbortSignal): Promise<Piece[]> {
  const { dataset, week } = options;
  const file = await loadText(tx, part, dataset);
  await refuseDamage(tx, file, options);
  const dated = dataset.columns.find(({ role }) => role === 'day' || role === 'week');
  if (dated === undefined) {
    if (week === undefined) throw tellWeek(`${part.name} does not say which week it is: dataset ${dataset.dataset} has no day column.`);
    return [{ week, part, days: 'all' }];
  }
  const found = await weeksOf(tx, file, dated, options);
  const pieces: Piece[] = [];
  for (const [each, days] of found) {
    const target = { directory: options.spoolDirectory, name: `${each}-of-${part.sha256.slice(0, 12)}.csv` };
    const own =
      found.size === 1 ? part : { ...(await cut(tx, file, rowsOfWeek(file.placeOf(dated), each), target, signal)), name: part.name };
    pieces.push({ week: each, part: own, days: dated.role === 'week' ? 'all' : new Set(days) });
  }
  return pieces;
}

async function weeksOf(
  tx: Tx,
  file: TextFile,
  dated: Column,
  { dataset, week }: SplitOptions,
): Promise<ReadonlyMap<IsoDate, readonly IsoDate[]>> {
  const { part } = file;
  const place = file.placeOf(dated);
  await assertDates(tx, file, dated, dataset);
  const weeks = await readWeeks(tx, place);
  const found = new Map(weeks.flatMap((each) => (each.week === null ? [] : [[each.week, each.days] as const])));
  if (week !== undefined) {
    const other = [...found.keys()].find((each) => each !== week);
    if (other === undefined) return new Map([[week, found.get(week) ?? []]]);
    throw new CollectorError(
      'invalid_request',
      `${part.name} holds days of the week ${other}, not only of ${week}. Leave the week out to have the file split.`,
    );
  }
  if (found.size === 0) throw tellWeek(`${part.name} holds no row with a day, so its week cannot be told.`);
  assertOneWeek(part, weeks, [...found.keys()]);
  return found;
}

function assertOneWeek({ name }: ScannedPart, weeks: readonly WeekOfFile[], dated: readonly IsoDate[]): void {
  const undated = weeks.find(({ week }) => week === null)?.rows ?? 0;
  if (dated.length === 1 || undated === 0) return;
  throw tellWeek(
    `${name} holds ${dated.length} weeks (${dated[0]} to ${addDays(dated.at(-1)!, 6)}) and ${undated} rows whose day Amazon hid, which may belong to any of them. Import one file per week.`,
  );
}

async function assertDates(tx: Tx, { part, placeOf }: TextFile, dated: Column, { columns }: Dataset): Promise<void> {
  const place = placeOf(dated);
  const noDate = await findNoDate(tx, place);
  if (noDate !== undefined) {
    const hint = /total|sum|summe|--/i.test(noDate.value)
      ? 'A line of totals is no row of data: delete it'
      : 'Write days as yyyy-mm-dd, without a time';
    throw badDate(part, dated, noDate.row, `holds '${noDate.value.slice(0, 40)}', which is no date. ${hint}`);
  }
  if (dated.role === 'week') {
    const noMonday = await findNoMonday(tx, place);
    if (noMonday !== undefined)
      throw badDate(part, dated, noMonday.row, `holds ${noMonday.value}, which is no Monday. Export weeks that begin on Monday, or days`);
  }
  // Only Amazon hides days, and says so in the column of role filtered.
  if (dated.role === 'day' && columns.some(({ role }) => role === 'filtered')) return;
  const empty = await findEmpty(tx, place);
  if (empty !== undefined) throw badDate(part, dated, empty.row, 'is empty. Give the row its date; if it is a line of totals, delete it');
}

const badDate = ({ name }: ScannedPart, { name: column }: Column, row: number, what: string): CollectorError =>
  new CollectorError('result_value', `${name}, row ${row}: column ${column} ${what}.`, { details: { part: name, column, row } });

const tellWeek = (what: string) => new CollectorError('invalid_request', `${what} Name its Monday (--week 2025-01-06).`);
