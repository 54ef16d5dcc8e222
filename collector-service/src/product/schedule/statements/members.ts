import type { CollectionState } from '../../../engine/collect/states.ts';
import type { Scope } from '../../../ground/context.ts';
import type { Tx } from '../../../ground/database.ts';

export interface Member {
  id: string;
  name: string;
  state: CollectionState;
  timeZone: string;
  /** Amazon cannot be asked for its weeks. */
  isImported: boolean;
  /** The schedule that holds it already. */
  scheduleId: string | null;
  scheduleName: string | null;
}

const MEMBER = `c.id, c.name, c.state, c.sql_text = '' AS "isImported", i.time_zone AS "timeZone", s.id AS "scheduleId", s.name AS "scheduleName"
  FROM report_data_collections c
  JOIN instances i ON i.id = c.instance_id
  LEFT JOIN schedule_collections m ON m.collection_id = c.id
  LEFT JOIN schedules s ON s.id = m.schedule_id`;

/** Collections of the scope by id, locked in the order of their ids: two schedules that want the same one come one after the other. */
export async function lockCollections(tx: Tx, scope: Scope, ids: readonly string[]): Promise<Member[]> {
  const among = [ids, scope.workspaceId, scope.instanceIds];
  await tx.query(
    `SELECT FROM report_data_collections WHERE id = ANY ($1) AND workspace_id = $2 AND ($3::bigint[] IS NULL OR instance_id = ANY ($3))
     ORDER BY id FOR NO KEY UPDATE`,
    among,
  );
  // Read after the lock, so that it sees what the one before has committed.
  const { rows } = await tx.query<Member>(
    `SELECT ${MEMBER} WHERE c.id = ANY ($1) AND c.workspace_id = $2 AND ($3::bigint[] IS NULL OR c.instance_id = ANY ($3)) ORDER BY c.id`,
    among,
  );
  return rows;
}

/** The newest live collection of a dataset for every instance of the scope that has one. */
export async function newestOfDataset(tx: Tx, scope: Scope, dataset: string): Promise<string[]> {
  const { rows } = await tx.query<{ id: string }>(
    `SELECT DISTINCT ON (instance_id) id FROM report_data_collections
     WHERE workspace_id = $1 AND ($2::bigint[] IS NULL OR instance_id = ANY ($2)) AND dataset = $3 AND state <> 'cancelled' AND sql_text <> ''
     ORDER BY instance_id, dataset_version DESC, last_week DESC, id DESC`,
    [scope.workspaceId, scope.instanceIds, dataset],
  );
  return rows.map(({ id }) => id);
}

/** The caller holds the locks of the collections and has seen that they are free. */
export async function insertMembers(tx: Tx, scheduleId: string, collectionIds: readonly string[]): Promise<void> {
  await tx.query('INSERT INTO schedule_collections (schedule_id, collection_id) SELECT $1, unnest($2::bigint[])', [
    scheduleId,
    collectionIds,
  ]);
}

/** Exactly these from now on. */
export async function replaceMembers(tx: Tx, scheduleId: string, collectionIds: readonly string[]): Promise<void> {
  await tx.query('DELETE FROM schedule_collections WHERE schedule_id = $1 AND collection_id <> ALL ($2)', [scheduleId, collectionIds]);
  await tx.query(
    'INSERT INTO schedule_collections (schedule_id, collection_id) SELECT $1, unnest($2::bigint[]) ON CONFLICT (collection_id) DO NOTHING',
    [scheduleId, collectionIds],
  );
}

/** The instances (our ids) of a schedule's collections, each once, in their order. */
export async function instancesOf(tx: Tx, scheduleId: string): Promise<string[]> {
  const { rows } = await tx.query<{ id: string }>(
    `SELECT DISTINCT c.instance_id AS id FROM schedule_collections m JOIN report_data_collections c ON c.id = m.collection_id
     WHERE m.schedule_id = $1 ORDER BY id`,
    [scheduleId],
  );
  return rows.map(({ id }) => id);
}
