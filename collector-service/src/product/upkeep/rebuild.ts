import type { IsoDate } from '../../ground/calendar/week.ts';
import { findInstance } from '../../engine/collect/instance.ts';
import { CollectorError } from '../../contract/error.ts';
import { crashPoint } from '../../ground/crash-point.ts';
import { narrowed, type UpkeepContext } from './context.ts';
import { describeDrift, rebuildWeek } from './rebuild-week.ts';
import { selectServedWeeks, type ServedWeek } from './statements/served-weeks.ts';
import { recentlyChecked, recordCheck, weekKey, type CheckOutcome } from './statements/week-records.ts';

export interface RebuildRequest {
  /** AMC instance id; every instance of the scope when left out. */
  instance?: string | undefined;
  dataset?: string | undefined;
  firstWeek?: IsoDate | undefined;
  lastWeek?: IsoDate | undefined;
  /** Compare only. */
  verify: boolean;
  /** Leave out what was found or made right within this many hours and has not changed since. */
  resumeWithinHours?: number | undefined;
}

export interface WeekResult {
  week: ServedWeek;
  outcome: CheckOutcome | 'skipped';
  rows: number;
  /** What differed, or why it failed. */
  note: string | null;
}

/**
 * Rebuilds served weeks from their stored files, one transaction each. A week that cannot be rebuilt is recorded and passed by; what
 * ends the whole is only an abort or a database that is away.
 * @param onProgress hears after each week how many are through
 */
export async function rebuild(
  ctx: UpkeepContext,
  request: RebuildRequest,
  onProgress: (done: WeekResult, through: number, total: number) => void = () => undefined,
): Promise<WeekResult[]> {
  const { store, catalogue, signal } = ctx;
  const { instance, dataset, firstWeek, lastWeek, resumeWithinHours } = request;
  if (dataset !== undefined) catalogue.findDataset(dataset);
  const scope =
    instance === undefined
      ? ctx.scope
      : narrowed(ctx.scope, (await store.transaction((tx) => findInstance(tx, ctx.scope, instance), { signal })).id);
  const weeks = await selectServedWeeks(store.pool, scope, { dataset, firstWeek, lastWeek });
  const checked = resumeWithinHours === undefined ? new Set<string>() : await recentlyChecked(store.pool, scope, resumeWithinHours);
  const results: WeekResult[] = [];
  for (const week of weeks) {
    signal.throwIfAborted();
    const result = checked.has(weekKey(week))
      ? { week, outcome: 'skipped' as const, rows: Number(week.rowCount), note: null }
      : await attempt(ctx, week, request);
    results.push(result);
    crashPoint('rebuild.afterWeek');
    onProgress(result, results.length, weeks.length);
  }
  return results;
}

async function attempt(ctx: UpkeepContext, week: ServedWeek, { verify }: RebuildRequest): Promise<WeekResult> {
  const { store, signal } = ctx;
  try {
    const dataset = ctx.catalogue.findDataset(week.dataset, week.datasetVersion);
    const { outcome, drift, rows } = await rebuildWeek(ctx, week, { dataset, verify });
    return { week, outcome, rows, note: describeDrift(drift) };
  } catch (error) {
    signal.throwIfAborted();
    const told = error instanceof CollectorError;
    if (told && error.code === 'database_unavailable') throw error;
    // One week's trouble, even a bug's, must not keep the others from being looked at; it is listed, and the log has the stack.
    if (!told) ctx.logger.error({ err: error, week: weekKey(week) }, 'A week could not be rebuilt.');
    const outcome = told && error.code === 'not_found' ? 'no_file' : 'failed';
    const note = error instanceof Error ? error.message : String(error);
    await store.transaction((tx) => recordCheck(tx, week, { outcome, dataVersion: null, note }), { signal });
    return { week, outcome, rows: 0, note };
  }
}
