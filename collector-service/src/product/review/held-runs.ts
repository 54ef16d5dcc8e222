import type { HeldRun, HeldRunList, HeldRunsQuery } from '../../contract/held-runs.ts';
import { readScoped } from '../../data/store/scope.ts';
import type { ReadContext } from './context.ts';
import { pageOf, placeOf } from './page.ts';
import { selectHeldRuns, type HeldRow } from './statements/held-runs.ts';

/** Held runs of the scope, newest first, a page at a time: those that wait for a person, and those decided about. */
export async function listHeldRuns(
  { store, scope, signal }: ReadContext,
  { collection, decided, cursor, limit }: HeldRunsQuery,
): Promise<HeldRunList> {
  const filter = {
    collection: collection ?? null,
    decided: decided === undefined ? null : decided === 'true',
    after: placeOf(cursor),
    limit: limit + 1,
  };
  const rows = await readScoped(store, scope.instanceIds, (tx) => selectHeldRuns(tx, scope, filter), { signal });
  const { items, nextCursor } = pageOf(rows, limit, ({ heldAtMicros, runId }) => ({ at: heldAtMicros, id: runId }));
  return { heldRuns: items.map(toHeldRun), nextCursor };
}

export function toHeldRun(row: HeldRow): HeldRun {
  const { runId, collectionId, collection, instance, instanceName, dataset, datasetVersion, week, acceptable } = row;
  return {
    runId,
    collectionId,
    collection,
    instance,
    instanceName,
    dataset,
    datasetVersion,
    week,
    heldAt: row.heldAt.toISOString(),
    objections: row.objections.map(({ rule, message, details }) => ({ rule, message, ...(details === undefined ? {} : { details }) })),
    acceptable,
    decision:
      row.decision === null
        ? null
        : { decision: row.decision, by: row.decidedBy, at: row.decidedAt!.toISOString(), reason: row.decisionReason },
  };
}
