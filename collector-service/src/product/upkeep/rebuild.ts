import type { Logger } from 'pino';
import type { IsoDate } from '../../ground/calendar/week.ts';
import type { Catalogue } from '../../data/catalogue/catalogue.ts';
import { findInstance } from '../../engine/collect/instance.ts';
import { CollectorError } from '../../contract/error.ts';
import { crashPoint } from '../../ground/crash-point.ts';
import { describeDrift, rebuildWeek, type RebuildDeps } from './rebuild-week.ts';
import { selectServedWeeks, type ServedWeek } from './statements/served-weeks.ts';
import { recentlyChecked, recordCheck, weekKey, type CheckOutcome } from './statements/week-records.ts';

export interface RebuildAllDeps extends RebuildDeps {
  catalogue: Catalogue;
  logger: Logger;
}

export interface RebuildRequest {
  workspaceId: string;
  /** AMC instance id; every instance of the workspace when left out. */
  instance?: string | undefined;
  dataset?: string | undefined;
  firstWeek?: IsoDate | undefined;
  lastWeek?: IsoDate | undefined;
  /** Compare only. */
  verify: boolean;
  /** Leave out what was found or made right within this many hours and has not changed since. */
  resumeWithinHours?: number | undefined;
  person: string;
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
  deps: RebuildAllDeps,
  request: RebuildRequest,
  signal: AbortSignal,
  onProgress: (done: WeekResult, through: number, total: number) => void = () => undefined,
): Promise<WeekResult[]> {
  const { workspaceId, instance, dataset, firstWeek, lastWeek, resumeWithinHours } = request;
  if (dataset !== undefined) deps.catalogue.findDataset(dataset);
  const instanceId =
    instance === undefined
      ? undefined
      : (await deps.store.transaction((tx) => findInstance(tx, { workspaceId, instanceIds: null }, instance), { signal })).id;
  const weeks = await selectServedWeeks(deps.store.pool, { workspaceId, instanceId, dataset, firstWeek, lastWeek });
  const checked =
    resumeWithinHours === undefined ? new Set<string>() : await recentlyChecked(deps.store.pool, workspaceId, resumeWithinHours);
  const results: WeekResult[] = [];
  for (const week of weeks) {
    signal.throwIfAborted();
    const result = checked.has(weekKey(week))
      ? { week, outcome: 'skipped' as const, rows: Number(week.rowCount), note: null }
      : await attempt(deps, week, request, signal);
    results.push(result);
    crashPoint('rebuild.afterWeek');
    onProgress(result, results.length, weeks.length);
  }
  return results;
}

async function attempt(
  deps: RebuildAllDeps,
  week: ServedWeek,
  { verify, person }: RebuildRequest,
  signal: AbortSignal,
): Promise<WeekResult> {
  try {
    const dataset = deps.catalogue.findDataset(week.dataset, week.datasetVersion);
    const { outcome, drift, rows } = await rebuildWeek(deps, week, { dataset, verify, person }, signal);
    return { week, outcome, rows, note: describeDrift(drift) };
  } catch (error) {
    signal.throwIfAborted();
    const told = error instanceof CollectorError;
    if (told && error.code === 'database_unavailable') throw error;
    // One week's trouble, even a bug's, must not keep the others from being looked at; it is listed, and the log has the stack.
    if (!told) deps.logger.error({ err: error, week: weekKey(week) }, 'A week could not be rebuilt.');
    const outcome = told && error.code === 'not_found' ? 'no_file' : 'failed';
    const note = error instanceof Error ? error.message : String(error);
    await deps.store.transaction((tx) => recordCheck(tx, week, { outcome, dataVersion: null, note }), { signal });
    return { week, outcome, rows: 0, note };
  }
}
