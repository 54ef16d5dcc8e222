import { noCollection } from '../../engine/collect/collections/missing.ts';
import type { Revision, RevisionList, RevisionsQuery } from '../../contract/revisions.ts';
import { readScoped } from '../../data/store/scope.ts';
import type { ReadContext } from './context.ts';
import { pageOf, placeOf } from './page.ts';
import { selectRevisions, type RevisionRow } from './statements/revisions.ts';
import { totalChanges } from './total-changes.ts';

/** Every accepted result of a collection's weeks that changed what is served, newest first: how the weeks grew. @throws CollectorError not_found */
export async function listRevisions(
  { store, scope, signal }: ReadContext,
  { id, week, cursor, limit }: { id: string } & RevisionsQuery,
): Promise<RevisionList> {
  const filter = { week: week ?? null, after: placeOf(cursor), limit: limit + 1 };
  const rows = await readScoped(store, scope.instanceIds, (tx) => selectRevisions(tx, scope, id, filter), { signal });
  if (!rows) throw noCollection(id);
  const { items, nextCursor } = pageOf(rows, limit, ({ acceptedAtMicros, runId }) => ({ at: acceptedAtMicros, id: runId }));
  return { revisions: items.map(toRevision), nextCursor };
}

const toRevision = (row: RevisionRow): Revision => ({
  week: row.week,
  version: Number(row.version),
  acceptedAt: row.acceptedAt.toISOString(),
  runId: row.runId,
  first: row.totalsBefore === null,
  rowsAdded: Number(row.rowsAdded),
  rowsChanged: Number(row.rowsChanged),
  rowsVanished: Number(row.rowsVanished),
  totals: totalChanges(row.totalsBefore, row.totalsAfter),
});
