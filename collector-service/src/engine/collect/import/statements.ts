import type { IsoDate } from '../../../ground/calendar/week.ts';
import { OPEN_STATES } from '../states.ts';
import type { ClaimedRun } from '../run.ts';
import type { Tx } from '../../../ground/database.ts';

/** Rows of a file as text, before anything is known about them, with the number of each; private to the session. */
export const IMPORTED = 'imported_file';

export const createImported = (tx: Tx, places: readonly string[]) =>
  tx.query(
    `CREATE TEMPORARY TABLE ${IMPORTED} (${places.map((place) => `${place} text`).join(', ')}, record int GENERATED ALWAYS AS IDENTITY) ON COMMIT DROP`,
  );

export const dropImported = (tx: Tx) => tx.query(`DROP TABLE IF EXISTS ${IMPORTED}`);

/** A value at its row, counted as a spreadsheet does: the header is row 1. */
export interface PlacedValue {
  value: string;
  row: number;
}

const first = async (tx: Tx, place: string, where: string): Promise<PlacedValue | undefined> => {
  const { rows } = await tx.query<PlacedValue>(
    `SELECT ${place} AS value, record + 1 AS row FROM ${IMPORTED} WHERE ${where} ORDER BY record LIMIT 1`,
  );
  return rows[0];
};

/** The first value of a date column that is no date, if there is one. */
export const findNoDate = (tx: Tx, place: string): Promise<PlacedValue | undefined> =>
  first(tx, place, `${place} <> '' AND NOT (${place} ~ '^\\d{4}-\\d{2}-\\d{2}$' AND pg_input_is_valid(${place}, 'date'))`);

export const findNoMonday = (tx: Tx, place: string): Promise<PlacedValue | undefined> =>
  first(tx, place, `extract(isodow FROM nullif(${place}, '')::date) <> 1`);

export const findEmpty = (tx: Tx, place: string): Promise<PlacedValue | undefined> => first(tx, place, `nullif(${place}, '') IS NULL`);

export interface WeekOfFile {
  /** Null for rows without a date. */
  week: IsoDate | null;
  /** Dates that have rows, oldest first. */
  days: IsoDate[];
  rows: number;
}

/** Mondays that the file's dates belong to, oldest first. */
export async function readWeeks(tx: Tx, place: string): Promise<WeekOfFile[]> {
  const { rows } = await tx.query<WeekOfFile>(
    `SELECT date_trunc('week', day)::date::text AS week, coalesce(array_agg(day::text ORDER BY day) FILTER (WHERE day IS NOT NULL), '{}') AS days,
            sum(n)::int AS rows
       FROM (SELECT nullif(${place}, '')::date AS day, count(*) AS n FROM ${IMPORTED} GROUP BY 1) AS days GROUP BY 1 ORDER BY 1 NULLS LAST`,
  );
  return rows;
}

/** For COPY … TO STDOUT, which takes no parameters; the dates are ours. */
export const rowsOfWeek = (place: string, week: IsoDate): string => `date_trunc('week', nullif(${place}, '')::date)::date = DATE '${week}'`;
export const rowsOfOtherDays = (place: string, days: readonly IsoDate[]): string =>
  `nullif(${place}, '')::date IS NULL OR NOT nullif(${place}, '')::date = ANY ('{${days.join(',')}}')`;

/** @param columns place and name of each column that is written */
export const copyRowsSql = (columns: readonly { place: string; name: string }[], where: string): string =>
  `COPY (SELECT ${columns.map(({ place, name }) => `${place} AS "${name.replaceAll('"', '""')}"`).join(', ')} FROM ${IMPORTED} WHERE ${where} ORDER BY record)
     TO STDOUT WITH (FORMAT csv, HEADER true, ENCODING 'UTF8')`;

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
  return planned.rows[0] ?? newRun(tx, collectionId, instanceId, week);
}

/** A run beside those that are over; undefined while one is planned or under way. */
export async function newRun(tx: Tx, collectionId: string, instanceId: string, week: IsoDate): Promise<ImportRun | undefined> {
  const { rows } = await tx.query<ImportRun>(
    `INSERT INTO week_runs (collection_id, instance_id, week, state, fence) VALUES ($1, $2, $3, 'merging', 1)
     ON CONFLICT (collection_id, week) WHERE state IN (${OPEN_STATES.map((state) => `'${state}'`).join(', ')}) DO NOTHING
     RETURNING id, fence`,
    [collectionId, instanceId, week],
  );
  return rows[0];
}

export interface WaitingRun {
  runId: string;
  /** It waits for the rest of its days; otherwise for a person's decision. */
  isPart: boolean;
}

/** The held run of the week that nobody decided about. */
export async function findWaiting(
  tx: Tx,
  instanceId: string,
  dataset: string,
  version: number,
  week: IsoDate,
): Promise<WaitingRun | undefined> {
  const { rows } = await tx.query<WaitingRun>(
    `SELECT run_id::text AS "runId", objections @> '[{"rule": "partial_week"}]' AS "isPart" FROM held_runs
      WHERE instance_id = $1 AND dataset = $2 AND dataset_version = $3 AND week = $4 AND decision IS NULL`,
    [instanceId, dataset, version, week],
  );
  return rows[0];
}

/** Whether Amazon computed the run's result: its file then has the escapes that we ask for. */
export async function isBought(tx: Tx, runId: string): Promise<boolean> {
  const { rowCount } = await tx.query('SELECT FROM week_runs WHERE id = $1 AND execution_id IS NOT NULL', [runId]);
  return rowCount === 1;
}

/** Several merges share the import's transaction; each makes temporary tables of the same names. */
export const discardTemporaryTables = (tx: Tx) => tx.query('DISCARD TEMPORARY');
