import type { IsoDate } from '../../../ground/calendar/week.ts';
import type { ClaimedRun } from '../run.ts';
import type { Tx } from '../../../ground/database.ts';

/** Rows of a file as text, before anything is known about them; private to the session. */
export const IMPORTED = 'imported_file';

/** A column's name as the file writes it: it may be one that the dataset does not know. */
export const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;

export const createImported = (tx: Tx, columns: readonly string[]) =>
  tx.query(`CREATE TEMPORARY TABLE ${IMPORTED} (${columns.map((name) => `${identifier(name)} text`).join(', ')}) ON COMMIT DROP`);

export const dropImported = (tx: Tx) => tx.query(`DROP TABLE IF EXISTS ${IMPORTED}`);

/** A value of the day column that is no date, if there is one. */
export async function findNoDate(tx: Tx, day: string): Promise<string | undefined> {
  const { rows } = await tx.query<{ value: string }>(
    `SELECT ${day} AS value FROM ${IMPORTED} WHERE NOT (${day} ~ '^\\d{4}-\\d{2}-\\d{2}$' AND pg_input_is_valid(${day}, 'date')) LIMIT 1`,
  );
  return rows[0]?.value;
}

/** Mondays that the file's days belong to, oldest first, with their number of rows; null for rows whose day Amazon hid. */
export async function countWeeks(tx: Tx, day: string): Promise<{ week: IsoDate | null; rows: number }[]> {
  const { rows } = await tx.query<{ week: IsoDate | null; rows: number }>(
    `SELECT date_trunc('week', ${day}::date)::date::text AS week, count(*)::int AS rows FROM ${IMPORTED} GROUP BY 1 ORDER BY 1 NULLS LAST`,
  );
  return rows;
}

/** For COPY … TO STDOUT; the dates are ours, COPY takes no parameters. */
export const weekRowsSql = (columns: readonly string[], day: string, week: IsoDate): string =>
  `COPY (SELECT ${columns.map(identifier).join(', ')} FROM ${IMPORTED} WHERE date_trunc('week', ${day}::date)::date = DATE '${week}') TO STDOUT WITH (FORMAT csv, HEADER true, ENCODING 'UTF8')`;

/** The live collection that holds a week. */
export async function coveringCollection(
  tx: Tx,
  instanceId: string,
  dataset: string,
  version: number,
  week: IsoDate,
): Promise<string | undefined> {
  const { rows } = await tx.query<{ id: string }>(
    `SELECT id FROM report_data_collections
     WHERE instance_id = $1 AND dataset = $2 AND dataset_version = $3 AND state <> 'cancelled' AND $4::date BETWEEN first_week AND last_week
     FOR UPDATE`,
    [instanceId, dataset, version, week],
  );
  return rows[0]?.id;
}

type ImportRun = Pick<ClaimedRun, 'id' | 'fence'>;

/**
 * The run that the import finishes: the planned one, which need not be bought then, or a new one. Undefined while a run of the week is
 * under way, which an import must not overtake.
 */
export async function takeRun(tx: Tx, collectionId: string, instanceId: string, week: IsoDate): Promise<ImportRun | undefined> {
  const planned = await tx.query<ImportRun>(
    `UPDATE week_runs SET state = 'merging', fence = fence + 1, execution_id = NULL, execution_status = NULL, updated_at = now()
     WHERE collection_id = $1 AND week = $2 AND state = 'planned' RETURNING id, fence`,
    [collectionId, week],
  );
  if (planned.rows[0]) return planned.rows[0];
  const inserted = await tx.query<ImportRun>(
    `INSERT INTO week_runs (collection_id, instance_id, week, state, fence) VALUES ($1, $2, $3, 'merging', 1)
     ON CONFLICT (collection_id, week) WHERE state IN ('planned', 'creating', 'running', 'downloading', 'merging') DO NOTHING
     RETURNING id, fence`,
    [collectionId, instanceId, week],
  );
  return inserted.rows[0];
}

/** Several merges share the import's transaction; each makes temporary tables of the same names. */
export const discardTemporaryTables = (tx: Tx) => tx.query('DISCARD TEMPORARY');
