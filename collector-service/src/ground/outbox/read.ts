import type pg from 'pg';
import type { BoundedScope } from '../context.ts';
import type { Change } from './announce.ts';
import type { Look } from './cursor.ts';

/** A change on record; what it is now is read from the thing itself. */
export interface StoredEvent extends Change {
  readonly id: number;
}

/** pg ends the wait itself; its types do not know the option. */
const DEADLINE = { query_timeout: 5_000 };
const EVENT = `e.id::float8 AS id, e.workspace_id::text AS "workspaceId", e.instance_ids::text[] AS "instanceIds", e.kind, e.subject`;

/** Events above an id with the snapshot that showed them, in one statement so that the two belong together. */
export async function lookForEvents(pool: pg.Pool, above: number): Promise<{ look: Look; events: StoredEvent[] }> {
  const { rows } = await pool.query<{ xmin: string; xmax: string } & { [K in keyof StoredEvent]: StoredEvent[K] | null }>({
    text: `SELECT pg_snapshot_xmin(s)::text AS xmin, pg_snapshot_xmax(s)::text AS xmax, f.*
             FROM pg_current_snapshot() s
             LEFT JOIN (SELECT ${EVENT} FROM outbox e WHERE e.id > $1) f ON true ORDER BY f.id`,
    values: [above],
    ...DEADLINE,
  });
  const events = rows.filter((row): row is typeof row & StoredEvent => row.id !== null);
  return { look: { ids: events.map((event) => event.id), xmin: BigInt(rows[0]!.xmin), xmax: BigInt(rows[0]!.xmax) }, events };
}

/** The newest id on record, 0 without any, and the oldest: what lies before it was removed. */
export async function eventRange(pool: pg.Pool): Promise<{ oldest: number | null; newest: number }> {
  const { rows } = await pool.query<{ oldest: number | null; newest: number }>({
    text: 'SELECT min(id)::float8 AS oldest, coalesce(max(id), 0)::float8 AS newest FROM outbox',
    ...DEADLINE,
  });
  return rows[0]!;
}

/** What a caller missed, each thing once, in the order of their newest change. */
export async function missedEvents(pool: pg.Pool, scope: BoundedScope, after: number): Promise<StoredEvent[]> {
  const { rows } = await pool.query<StoredEvent>({
    text: `SELECT * FROM (
             SELECT DISTINCT ON (e.kind, e.subject) ${EVENT}
               FROM outbox e
              WHERE e.id > $1 AND e.workspace_id = $2 AND e.instance_ids <@ $3::bigint[]
              ORDER BY e.kind, e.subject, e.id DESC) newest
            ORDER BY id`,
    values: [after, scope.workspaceId, scope.instanceIds],
    ...DEADLINE,
  });
  return rows;
}

/** Whether an event, or what is made of it, may be told to a scope: all of its instances are seen. */
export const concerns = ({ workspaceId, instanceIds }: Pick<Change, 'workspaceId' | 'instanceIds'>, scope: BoundedScope): boolean =>
  workspaceId === scope.workspaceId && instanceIds.every((id) => scope.instanceIds.includes(id));
