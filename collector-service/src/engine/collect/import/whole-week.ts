import { join } from 'node:path';
import { addDays, type IsoDate } from '../../../ground/calendar/week.ts';
import type { Dataset } from '../../../data/catalogue/dataset.ts';
import { spool, type ScannedPart } from '../../../data/resultfile/spool.ts';
import { storedFiles } from '../../../data/store/merge/result-files.ts';
import { isAboutTheFile } from '../../../data/store/merge/refusal.ts';
import type { ServedWeek } from '../../../data/store/merge/served-week.ts';
import type { Tx } from '../../../ground/database.ts';
import { ESCAPE } from '../download.ts';
import type { Piece } from './split.ts';
import { isBought, readWeeks, rowsOfOtherDays, type WaitingRun } from './statements.ts';
import { cut, loadText } from './text-file.ts';

/** Days on which a person says nothing happened: ranges, both ends included, or every day between the first and the last of the files. */
export type EmptyDays = readonly { from: IsoDate; to: IsoDate }[] | 'between';

export interface JoinOptions {
  dataset: Dataset;
  instanceId: string;
  week: IsoDate;
  served: ServedWeek;
  waiting: WaitingRun | undefined;
  isEmptyDay(day: IsoDate): boolean;
  spoolDirectory: string;
}

export interface JoinedWeek {
  parts: ScannedPart[];
  /** Days that neither the files nor what is kept of the week have rows for, and that nobody says were empty. */
  missing: IsoDate[];
  /** Days without rows of which a person says that nothing happened. */
  empty: IsoDate[];
}

/**
 * Makes a week whole, if it can be: the files' days, and the other days of what is kept of the week, be it a part that waits for its
 * rest or the result that is served. A day comes from one of them alone; the files, and what a person says of them, go before what is
 * kept.
 * @throws CollectorError result_header, result_value when what is kept cannot be read
 */
export async function joinWeek(tx: Tx, pieces: readonly Piece[], options: JoinOptions, signal: AbortSignal): Promise<JoinedWeek> {
  const { dataset, week, isEmptyDay, spoolDirectory } = options;
  const parts = pieces.map(({ part }) => part);
  const given = new Set(pieces.flatMap(({ days }) => (days === 'all' ? weekDays(week) : [...days])));
  const empty = weekDays(week).filter((day) => !given.has(day) && isEmptyDay(day));
  const taken = [...given, ...empty];
  const missing = new Set(weekDays(week).filter((day) => !taken.includes(day)));
  const day = dataset.columns.find(({ role }) => role === 'day');
  if (missing.size === 0 || day === undefined) return { parts, missing: [], empty };
  for (const kept of await readKept(tx, options, signal)) {
    const file = await loadText(tx, kept, dataset);
    const place = file.placeOf(day);
    const days = (await readWeeks(tx, place)).flatMap((each) => each.days);
    const target = { directory: spoolDirectory, name: `rest-${parts.length}-of-${week}.csv` };
    const rest = days.some((each) => taken.includes(each)) ? await cut(tx, file, rowsOfOtherDays(place, taken), target, signal) : kept;
    if (rest.rows > 0) parts.push(rest);
    for (const each of days) missing.delete(each);
  }
  return { parts, missing: [...missing], empty };
}

export const weekDays = (week: IsoDate): IsoDate[] => Array.from({ length: 7 }, (_, index) => addDays(week, index));

/** The files of the part that waits, else of the accepted run; none where their escapes are a guess, since a person said them once. */
async function readKept(tx: Tx, options: JoinOptions, signal: AbortSignal): Promise<ScannedPart[]> {
  const { instanceId, served, waiting, week, spoolDirectory } = options;
  const runId = waiting?.runId ?? served.acceptedRunId;
  if (runId === null) return [];
  const escape = (await isBought(tx, runId)) ? ESCAPE : undefined;
  const parts: ScannedPart[] = [];
  try {
    for (const { part, open } of await storedFiles(tx, instanceId, runId)) {
      const target = { directory: join(spoolDirectory, `kept-${week}`), name: `kept-${part + 1}-of-${week}.csv` };
      parts.push(await spool(open(), target, { escape }, signal));
    }
    return parts;
  } catch (error) {
    if (!isAboutTheFile(error)) throw error;
    return [];
  }
}
