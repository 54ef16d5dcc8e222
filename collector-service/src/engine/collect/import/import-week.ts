import type { IsoDate } from '../../../ground/calendar/week.ts';
import type { Dataset } from '../../../data/catalogue/dataset.ts';
import { lockWeek } from '../../../data/store/merge/served-week.ts';
import type { Tx } from '../../../ground/database.ts';
import type { Change } from '../../../ground/outbox/announce.ts';
import { heldRunChanged, weekChanged } from '../events.ts';
import type { InstanceRow } from '../instance.ts';
import { keepPart, mergeWhole } from './merge-one.ts';
import { assertOver, type RefusedWeek } from './refusals.ts';
import type { Piece } from './split.ts';
import { findWaiting } from './statements.ts';
import { joinWeek } from './whole-week.ts';

export interface WeekContext {
  instance: InstanceRow;
  dataset: Dataset;
  overrule: boolean;
  /** The newest week, or other window of the dataset, that is over. */
  newest: IsoDate;
  isEmptyDay(day: IsoDate): boolean;
  spoolDirectory: string;
  signal: AbortSignal;
}

export interface ImportedWeek {
  week: IsoDate;
  /**
   * What became of it. new, restated, unchanged: it is served, unchanged when not a single row differs from before. waiting: it lacks
   * days and is kept until they come. left: it lacks days, and what there is of the week already is better.
   */
  outcome: 'new' | 'restated' | 'unchanged' | 'waiting' | 'left';
  rows: number;
  rowsAdded: number;
  rowsChanged: number;
  rowsVanished: number;
  /** Days that the files lack; empty for a week that is served. */
  missing: IsoDate[];
  /** Why it was left. */
  note: string | null;
  changes: readonly Change[];
}

/**
 * What the files hold of a week becomes what is served of it, if the week is whole.
 * @throws CollectorError conflict (it is being collected), week_out_of_range (it is not over)
 */
export async function importWeek(
  tx: Tx,
  { instance, dataset, overrule, newest, isEmptyDay, spoolDirectory, signal }: WeekContext,
  week: IsoDate,
  collectionId: string,
  pieces: readonly Piece[],
): Promise<ImportedWeek | RefusedWeek> {
  const target = { dataset, instanceId: instance.id, collectionId, week };
  const served = await lockWeek(tx, target);
  const held = await findWaiting(tx, instance.id, dataset.dataset, dataset.version, week);
  const waiting = held?.isPart ? held : undefined;
  const options = { dataset, instanceId: instance.id, week, served, waiting, isEmptyDay, spoolDirectory };
  const { parts, missing, empty } = await joinWeek(tx, pieces, options, signal);
  const changed = { workspaceId: instance.workspaceId, instanceId: instance.id, collectionId, week };
  if (missing.length === 0) {
    assertOver(dataset, week, newest);
    const merged = await mergeWhole(tx, target, parts, { overrule, empty });
    if ('objections' in merged) return { week, refusal: merged };
    const { rowsAdded, rowsChanged, rowsVanished } = merged;
    const outcome = !merged.changed ? 'unchanged' : merged.dataVersion === '1' ? 'new' : 'restated';
    return {
      week,
      outcome,
      rows: merged.rowsTotal,
      rowsAdded,
      rowsChanged,
      rowsVanished,
      missing,
      note: null,
      changes: [weekChanged(changed)],
    };
  }
  const part = { week, rows: parts.reduce((sum, { rows }) => sum + rows, 0), rowsAdded: 0, rowsChanged: 0, rowsVanished: 0, missing };
  const left = (note: string): ImportedWeek => ({ ...part, outcome: 'left', note, changes: [] });
  if (served.acceptedRunId !== null) return left('what is served stays');
  if (held && !held.isPart) return left('a result of it waits for a decision');
  const id = await keepPart(tx, target, parts, missing, served);
  if (id === undefined) return left('its collection is to bring it whole');
  return { ...part, outcome: 'waiting', note: null, changes: [weekChanged(changed), heldRunChanged({ id, ...changed })] };
}
