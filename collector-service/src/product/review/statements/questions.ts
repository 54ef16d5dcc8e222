import type { Pool } from 'pg';
import type { HeldQuestionsQuery, HeldWhere } from '../../../contract/held-questions.ts';
import type { ReadTransaction } from '../../../data/store/scope.ts';
import type { BoundedScope } from '../../../ground/context.ts';
import type { IsoDate } from '../../../ground/calendar/week.ts';
import type { WindowKind } from '../../../ground/calendar/window.ts';

/** An undecided held run, with what makes runs one question. */
export interface OpenRun {
  runId: string;
  collectionId: string;
  collection: string;
  instance: string;
  instanceName: string;
  dataset: string;
  datasetVersion: number;
  week: IsoDate;
  heldAt: Date;
  message: string;
  /** Sorted, each once. */
  rules: string[];
  empty: boolean;
  acceptable: boolean;
  /** The same for runs whose weeks follow each other in the collection, of the same rules, and empty and acceptable alike. */
  row: string;
  /** How many meet the conditions in all. */
  matching: number;
}

export interface OpenFilter {
  where: HeldWhere | HeldQuestionsQuery;
  runs: readonly string[] | null;
  limit: number;
}

/**
 * Undecided held runs, by collection and week. Weeks that follow each other have neighbouring places among the collection's weeks, so
 * that a place less its number among equals is one for each row of them; every held week counts for that, whatever the conditions.
 */
export async function selectOpenRuns(tx: ReadTransaction, scope: BoundedScope, { where, runs, limit }: OpenFilter): Promise<OpenRun[]> {
  const { rows } = await tx.query<OpenRun>(
    `WITH held AS (
       SELECT h.run_id, r.collection_id, h.instance_id, h.dataset, h.dataset_version, h.week, h.held_at, h.objections -> 0 ->> 'message' AS message,
              ARRAY (SELECT DISTINCT o ->> 'rule' FROM jsonb_array_elements(h.objections) AS o ORDER BY 1) AS rules,
              coalesce((h.change ->> 'rowsTotal')::bigint = 0, false) AS empty, h.acceptable,
              (SELECT count(DISTINCT other.week) FROM week_runs other WHERE other.collection_id = r.collection_id AND other.week <= h.week) AS place
         FROM held_runs h JOIN week_runs r ON r.id = h.run_id
        WHERE h.workspace_id = $1 AND h.instance_id = ANY ($2::bigint[]) AND h.decision IS NULL
     ), rows AS (
       SELECT *, place - row_number() OVER (PARTITION BY collection_id, rules, empty, acceptable ORDER BY week) AS island FROM held
     )
     SELECT h.run_id::text AS "runId", c.id::text AS "collectionId", c.name AS collection, i.amc_instance_id AS instance, i.name AS "instanceName",
            h.dataset, h.dataset_version AS "datasetVersion", h.week::text AS week, h.held_at AS "heldAt", h.message, h.rules, h.empty, h.acceptable,
            concat_ws(' ', h.collection_id, h.rules, h.empty, h.acceptable, h.island) AS "row", (count(*) OVER ())::int AS matching
       FROM rows h JOIN report_data_collections c ON c.id = h.collection_id JOIN instances i ON i.id = h.instance_id
      WHERE ($3::bigint[] IS NULL OR h.run_id = ANY ($3)) AND ($4::bigint IS NULL OR c.id = $4) AND ($5::text IS NULL OR i.amc_instance_id = $5)
        AND ($6::text IS NULL OR h.dataset = $6) AND ($7::text IS NULL OR h.rules = ARRAY[$7])
        AND ($8::date IS NULL OR h.week >= $8) AND ($9::date IS NULL OR h.week <= $9) AND ($10::boolean IS NULL OR h.empty = $10)
      ORDER BY c.id, h.week LIMIT $11`,
    [scope.workspaceId, scope.instanceIds, runs, ...valuesOf(where), limit],
  );
  return rows;
}

/** What one execution of each dataset's version covers, by 'name version'. Not for the reading role: it sees data and no definitions. */
export async function selectWindows(pool: Pool): Promise<Map<string, WindowKind>> {
  const { rows } = await pool.query<{ key: string; window: WindowKind }>(
    `SELECT concat_ws(' ', name, version) AS key, definition ->> 'window' AS "window" FROM datasets`,
  );
  return new Map(rows.map(({ key, window }) => [key, window]));
}

const valuesOf = (where: HeldWhere | HeldQuestionsQuery): unknown[] => {
  const { collection, instance, dataset, rule, from, to } = where;
  const empty = 'empty' in where ? where.empty : undefined;
  return [collection, instance, dataset, rule, from, to, empty].map((value) => value ?? null);
};
