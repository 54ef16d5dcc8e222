import type pg from 'pg';
import type { Logger } from 'pino';
import { distributedAlready, distributedTables } from './citus/tables.ts';
import { READER_POLICY, VISIBLE } from './reader-policy.ts';
import { READER_ROLE } from './reader-role.ts';

/** What a table needs so that the collector sees all of it, and a reader what is in its scope. */
interface Protected {
  table: string;
  /** SQL: which rows the reader role sees. */
  using: string;
  /** Whether the reader role may read it at all. */
  readable: boolean;
  /** Distributed by Citus, which takes no INSERT … SELECT of an owner whom policies hold back (citus/plan.ts). */
  spread?: true;
}

const byInstance = (table: string, readable = true): Protected => ({ table, using: VISIBLE.plain('instance_id'), readable });

/** Tables that migrations protect. */
const OWN: readonly Protected[] = [
  { table: 'instances', using: VISIBLE.plain('id'), readable: true },
  byInstance('report_data_collections'),
  byInstance('report_data_weeks'),
  byInstance('week_runs'),
  byInstance('week_revisions'),
  byInstance('result_files', false),
  byInstance('held_runs'),
  byInstance('held_differences'),
  byInstance('held_rows'),
  {
    table: 'acceptance_rules',
    using: `EXISTS (SELECT FROM instances i WHERE i.workspace_id = acceptance_rules.workspace_id
                                    AND (acceptance_rules.instance_id IS NULL OR i.id = acceptance_rules.instance_id))`,
    readable: true,
  },
];

/** Every protected table there may be: those of the migrations and those of the registered dataset versions. */
export async function protectedTables(db: pg.PoolClient): Promise<readonly Protected[]> {
  const { rows } = await db.query(`SELECT FROM pg_attribute WHERE attrelid = to_regclass('datasets') AND attname = 'dropped_at'`);
  if (rows.length === 0) return OWN;
  const own = new Set(OWN.map(({ table }) => table));
  const all = [...OWN, ...(await distributedTables(db)).filter((table) => !own.has(table)).map((table) => byInstance(table))];
  const spread = await distributedAlready(db);
  return all.map((each) => (spread.includes(each.table) ? { ...each, using: VISIBLE.distributed('instance_id'), spread: true } : each));
}

export interface Unprotected extends Protected {
  /** Row-level security is off: a reader would see everything. */
  open: boolean;
  /** The collector's own login sees no row. */
  ownerBlind: boolean;
  /** The reader role sees no row, or may not ask. */
  readerBlind: boolean;
  denied: boolean;
}

/**
 * Tables that lack something: after pg_restore on a server without the reader role or with another owner, policies and grants are not
 * there, or speak of somebody else. Reads the catalogue alone, so that it takes no lock in anybody's way.
 */
export async function findUnprotected(db: pg.PoolClient): Promise<Unprotected[]> {
  const tables = await protectedTables(db);
  const { rows } = await db.query<Omit<Unprotected, keyof Protected> & { place: number }>(
    `WITH reader AS (SELECT coalesce((SELECT oid FROM pg_roles WHERE rolname = $3), 0) AS role),
          me AS (SELECT rolsuper OR rolbypassrls AS sees_all FROM pg_roles WHERE rolname = current_user),
          t AS (SELECT name.place::int - 1 AS place, c.oid, c.relrowsecurity, name.readable
                  FROM unnest($1::text[], $2::boolean[]) WITH ORDINALITY AS name (name, readable, place)
                  JOIN pg_class c ON c.oid = to_regclass(name.name)),
          seen AS (SELECT t.place, NOT t.relrowsecurity AS open,
                     NOT EXISTS (SELECT FROM pg_policy p, unnest(p.polroles) AS role
                                  WHERE p.polrelid = t.oid AND p.polname = 'owner_all'
                                    AND (me.sees_all OR role = 0 OR pg_has_role(current_user, role, 'USAGE'))) AS "ownerBlind",
                     NOT EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = t.oid AND p.polname = 'reader_scope' AND reader.role = ANY (p.polroles)) AS "readerBlind",
                     t.readable AND NOT (reader.role <> 0 AND has_table_privilege(reader.role, t.oid, 'SELECT')) AS denied
                     FROM t, me, reader)
     SELECT * FROM seen WHERE open OR "ownerBlind" OR "readerBlind" OR denied ORDER BY place`,
    [tables.map(({ table }) => table), tables.map(({ readable }) => readable), READER_ROLE],
  );
  return rows.map(({ place, ...missing }) => ({ ...tables[place]!, ...missing }));
}

/** Makes again, in one transaction, what findUnprotected() finds missing; nothing is locked when nothing is. To be called by the owner. */
export async function protectTables(db: pg.PoolClient, logger?: Logger): Promise<void> {
  const found = await findUnprotected(db);
  if (found.length === 0) return;
  logger?.info({ tables: found.map(({ table }) => table) }, 'Making grants and policies of tables again.');
  await db.query('BEGIN');
  for (const missing of found) for (const statement of protectStatements(missing)) await db.query(statement);
  await db.query('COMMIT');
}

export function protectStatements({ table, using, spread, open, ownerBlind, readerBlind, denied }: Unprotected): string[] {
  const name = `"${table}"`;
  return [
    ...(open ? [`ALTER TABLE ${name} ENABLE ROW LEVEL SECURITY`] : []),
    ...(open && !spread ? [`ALTER TABLE ${name} FORCE ROW LEVEL SECURITY`] : []),
    ...(ownerBlind
      ? [`DROP POLICY IF EXISTS owner_all ON ${name}`, `CREATE POLICY owner_all ON ${name} TO CURRENT_USER USING (true) WITH CHECK (true)`]
      : []),
    ...(readerBlind
      ? [
          `DROP POLICY IF EXISTS ${READER_POLICY} ON ${name}`,
          `CREATE POLICY ${READER_POLICY} ON ${name} FOR SELECT TO ${READER_ROLE} USING (${using})`,
        ]
      : []),
    ...(denied ? [`GRANT SELECT ON ${name} TO ${READER_ROLE}`] : []),
  ];
}
