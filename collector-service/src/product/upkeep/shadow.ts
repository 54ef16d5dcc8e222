import type { PoolClient } from 'pg';
import type { Dataset } from '../../data/catalogue/dataset.ts';
import { factTable, rollupTable } from '../../data/catalogue/tables.ts';
import { rollupGrains } from '../../data/store/dataset-tables.ts';
import type { ServedWeek } from './statements/served-weeks.ts';

/** What a merge writes besides facts and roll-ups. */
const BOOKS = ['report_data_weeks', 'week_runs', 'week_revisions', 'result_files'] as const;

/** Facts first, then every roll-up. */
export const dataTables = (dataset: Dataset): string[] => [
  factTable(dataset),
  ...rollupGrains(dataset).map(({ rollup, grain }) => rollupTable(dataset, rollup, grain)),
];

/**
 * Puts an empty private table of the same name in front of every table that a merge writes, until the end of the transaction: temporary
 * tables are found first. The merge that follows is the very code that workers run, loading the week as if it were new, and touches
 * nothing that is served. The real tables are then reached by their schema alone.
 * @returns the schema of the real tables, quoted where needed
 */
export async function raiseShadows(tx: PoolClient, dataset: Dataset, week: ServedWeek): Promise<string> {
  const schema = await schemaOf(tx, BOOKS[0]);
  for (const table of [...BOOKS, ...dataTables(dataset)])
    await tx.query(`CREATE TEMPORARY TABLE ${table} (LIKE ${schema}.${table} INCLUDING ALL) ON COMMIT DROP`);
  // The run that the merge believes to work for; its fence is the shadow's alone.
  await tx.query(
    `INSERT INTO pg_temp.week_runs (id, collection_id, instance_id, week, state, fence) OVERRIDING SYSTEM VALUE
     VALUES ($1, coalesce($2::bigint, 0), $3, $4, 'merging', 0)`,
    [week.runId, week.collectionId, week.instanceId, week.week],
  );
  return schema;
}

export const SHADOW_FENCE = '0';

async function schemaOf(tx: PoolClient, table: string): Promise<string> {
  const { rows } = await tx.query<{ schema: string }>(
    `SELECT quote_ident(n.nspname) AS schema FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = to_regclass($1)`,
    [table],
  );
  return rows[0]!.schema;
}
