import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { addDays, type IsoDate } from '../../../ground/calendar/week.ts';
import type { Dataset } from '../../../data/catalogue/dataset.ts';
import { CollectorError } from '../../../contract/error.ts';
import { copyBody, copyOptions } from '../../../data/resultfile/copy.ts';
import { matchHeader } from '../../../data/resultfile/header.ts';
import { spool, type ScannedPart } from '../../../data/resultfile/spool.ts';
import { explainCopyError } from '../../../data/store/merge/copy-error.ts';
import { countWeeks, createImported, dropImported, findNoDate, identifier, IMPORTED, weekRowsSql } from './statements.ts';
import type { Tx } from '../../../ground/database.ts';

export interface SplitOptions {
  dataset: Dataset;
  /** The Monday a person named; needed for files that do not tell their week. */
  week: IsoDate | undefined;
  /** For the pieces of files that hold several weeks. */
  spoolDirectory: string;
}

/**
 * Finds out which weeks a file holds and cuts it there if they are several. PostgreSQL reads and writes the rows, so that every quote
 * and line break survives. A file of one week is taken as it is.
 * @throws CollectorError result_header, result_value, invalid_request when the week cannot be told
 */
export async function splitByWeek(
  tx: Tx,
  part: ScannedPart,
  options: SplitOptions,
  signal: AbortSignal,
): Promise<Map<IsoDate, ScannedPart>> {
  const { dataset, week } = options;
  const names = dataset.columns.map((column) => column.name);
  const columns = matchHeader(names, part.header, part.name).map((index, at) =>
    index === undefined ? part.header[at]!.trim() : names[index]!,
  );
  const day = dataset.columns.find((column) => column.role === 'day')?.name;
  if (day === undefined) {
    if (week === undefined) throw tellWeek(`${part.name} does not say which week it is: dataset ${dataset.dataset} has no day column.`);
    return new Map([[week, part]]);
  }
  await load(tx, part, columns, dataset);
  const found = await weeksOf(tx, part, day, week);
  const pieces = new Map<IsoDate, ScannedPart>();
  for (const each of found) pieces.set(each, found.length === 1 ? part : await cut(tx, part, columns, day, each, options, signal));
  await dropImported(tx);
  return pieces;
}

async function load(tx: Tx, part: ScannedPart, columns: readonly string[], dataset: Dataset): Promise<void> {
  await createImported(tx, columns);
  try {
    await pipeline(
      copyBody(part),
      tx.query(copyFrom(`COPY ${IMPORTED} (${columns.map(identifier).join(', ')}) FROM STDIN WITH (${copyOptions(part)})`)),
    );
  } catch (error) {
    throw explainCopyError(error, dataset, part);
  }
}

async function weeksOf(tx: Tx, part: ScannedPart, day: string, week: IsoDate | undefined): Promise<IsoDate[]> {
  const noDate = await findNoDate(tx, day);
  if (noDate !== undefined) {
    const message = `${part.name} holds '${noDate.slice(0, 40)}' in ${day}, which is no date. Write days as yyyy-mm-dd.`;
    throw new CollectorError('result_value', message);
  }
  const counts = await countWeeks(tx, day);
  const dated = counts.flatMap((each) => each.week ?? []);
  if (week !== undefined) {
    const other = dated.find((each) => each !== week);
    if (other === undefined) return [week];
    throw new CollectorError(
      'invalid_request',
      `${part.name} holds days of the week ${other}, not only of ${week}. Leave the week out to have the file split.`,
    );
  }
  const undated = counts.find((each) => each.week === null)?.rows ?? 0;
  if (dated.length === 0) throw tellWeek(`${part.name} holds no row with a day, so its week cannot be told.`);
  if (dated.length > 1 && undated > 0) {
    throw tellWeek(
      `${part.name} holds ${dated.length} weeks (${dated[0]} to ${addDays(dated.at(-1)!, 6)}) and ${undated} rows whose day Amazon hid, which may belong to any of them. Import one file per week.`,
    );
  }
  return dated;
}

async function cut(
  tx: Tx,
  part: ScannedPart,
  columns: readonly string[],
  day: string,
  week: IsoDate,
  options: SplitOptions,
  signal: AbortSignal,
): Promise<ScannedPart> {
  const rows = tx.query(copyTo(weekRowsSql(columns, day, week)));
  return spool(
    rows as Readable,
    { directory: options.spoolDirectory, name: `${week}-of-${part.sha256.slice(0, 12)}.csv` },
    { escape: 'doubled' },
    signal,
  );
}

const tellWeek = (what: string) => new CollectorError('invalid_request', `${what} Name its Monday (--week 2025-01-06).`);
