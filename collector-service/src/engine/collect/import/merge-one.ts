import type { IsoDate } from '../../../ground/calendar/week.ts';
import type { Dataset } from '../../../data/catalogue/dataset.ts';
import type { ScannedPart } from '../../../data/resultfile/spool.ts';
import { holdWeek } from '../../../data/store/merge/hold.ts';
import type { MergeInput } from '../../../data/store/merge/input.ts';
import { mergeOrRefuse, type MergeResult } from '../../../data/store/merge/merge-week.ts';
import type { Finding, Refusal } from '../../../data/store/merge/refusal.ts';
import type { ServedWeek } from '../../../data/store/merge/served-week.ts';
import { CollectorError } from '../../../contract/error.ts';
import type { Tx } from '../../../ground/database.ts';
import { describeFiles } from '../merge.ts';
import { endWithoutData, markDone } from '../statements/transitions.ts';
import { discardTemporaryTables, newRun, takeRun } from './statements.ts';

/** A week of an import and where it belongs. */
export interface Target {
  dataset: Dataset;
  instanceId: string;
  collectionId: string;
  week: IsoDate;
}

/**
 * Merges a whole week as a run of its own, or the planned one, which need not be bought then.
 * @throws CollectorError conflict while the week is being collected
 */
export async function mergeWhole(
  tx: Tx,
  target: Target,
  parts: readonly ScannedPart[],
  { overrule, empty }: { overrule: boolean; empty: readonly IsoDate[] },
): Promise<MergeResult | Refusal> {
  const { dataset, instanceId, collectionId, week } = target;
  const run = await takeRun(tx, collectionId, instanceId, week);
  if (!run)
    throw new CollectorError('conflict', `Week ${week} is being collected right now. Wait until it is done, or cancel its collection.`);
  const merged = await mergeOrRefuse(tx, { dataset, instanceId, week, runId: run.id, fence: run.fence, parts, overrule });
  await discardTemporaryTables(tx);
  if ('objections' in merged) return merged;
  const notes = empty.length === 0 ? merged.notes : [...merged.notes, emptyDays(empty)];
  await markDone(tx, { ...run, week }, { ...merged, notes, ...describeFiles(parts) });
  return merged;
}

const emptyDays = (days: readonly IsoDate[]): Finding => ({
  rule: 'partial_week',
  message: `The files have no rows for ${days.join(', ')}; whoever imported them said that nothing happened then.`,
  details: { days },
});

/**
 * Keeps a part of a week until the rest comes: as a held run, which a page shows and which never counts as complete.
 * @returns the held run's id; undefined when the week is planned or under way, so that it will come whole
 */
export async function keepPart(
  tx: Tx,
  { dataset, instanceId, collectionId, week }: Target,
  parts: readonly ScannedPart[],
  missing: readonly IsoDate[],
  served: ServedWeek,
): Promise<string | undefined> {
  const run = await newRun(tx, collectionId, instanceId, week);
  if (!run) return undefined;
  const input: MergeInput = { dataset, instanceId, week, runId: run.id, fence: run.fence, parts };
  const objection: Finding = {
    rule: 'partial_week',
    message: `The imported files hold a part of the week, without ${missing.join(', ')}. It is kept until a file with those days is imported.`,
    details: { missing },
  };
  await holdWeek(tx, input, { objections: [objection], acceptable: false, change: null, servedVersion: served.dataVersion }, parts);
  await endWithoutData(tx, { ...run, week, state: 'merging' }, 'held', { code: 'result_value', message: objection.message });
  return run.id;
}
