import type { IsoDate } from '../../../ground/calendar/week.ts';
import type { CollectionState, WeekState } from '../../../engine/collect/states.ts';
import type { ReadTransaction } from '../../../data/store/scope.ts';
import type { HELD_DECISIONS } from '../../../contract/held-runs.ts';
import type { WeekChange } from '../../../data/store/merge/input.ts';
import type { BoundedScope } from '../../../ground/context.ts';
import type { Place } from '../page.ts';
import type { Tx } from '../../../ground/database.ts';

export interface HeldRow {
  runId: string;
  collectionId: string;
  collection: string;
  collectionState: CollectionState;
  stopReason: string | null;
  instanceId: string;
  instance: string;
  instanceName: string;
  dataset: string;
  datasetVersion: number;
  week: IsoDate;
  runState: WeekState;
  runMessage: string | null;
  heldAt: Date;
  /** heldAt in microseconds since 1970, as the list is ordered. */
  heldAtMicros: string;
  objections: { rule: string; message: string; details?: Record<string, unknown> }[];
  acceptable: boolean;
  change: WeekChange | null;
  /** Served when the run was held, and served now. */
  heldAgainst: string;
  servedVersion: string;
  servedRows: number;
  decision: (typeof HELD_DECISIONS)[number] | null;
  decidedBy: string | null;
  decidedAt: Date | null;
  decisionReason: string | null;
}

const MICROS = '(extract(epoch FROM h.held_at) * 1000000)::bigint';

const SELECT_HELD = `
  SELECT h.run_id::text AS "runId", c.id::text AS "collectionId", c.name AS collection, c.state AS "collectionState",
         c.stop_reason AS "stopReason", i.id::text AS "instanceId", i.amc_instance_id AS instance, i.name AS "instanceName",
         h.dataset, h.dataset_version AS "datasetVersion", h.week::text AS week, r.state AS "runState", r.error_message AS "runMessage",
         h.held_at AS "heldAt", ${MICROS}::text AS "heldAtMicros", h.objections, h.acceptable, h.change,
         h.served_version::text AS "heldAgainst", coalesce(w.data_version, 0)::text AS "servedVersion",
         coalesce(w.row_count, 0)::float8 AS "servedRows",
         h.decision, h.decided_by AS "decidedBy", h.decided_at AS "decidedAt", h.decision_reason AS "decisionReason"
    FROM held_runs h
    JOIN week_runs r ON r.id = h.run_id
    JOIN report_data_collections c ON c.id = r.collection_id
    JOIN instances i ON i.id = h.instance_id
    LEFT JOIN report_data_weeks w
      ON w.instance_id = h.instance_id AND w.dataset = h.dataset AND w.dataset_version = h.dataset_version AND w.week = h.week
   WHERE h.workspace_id = $1 AND h.instance_id = ANY ($2::bigint[])`;

export interface HeldFilter {
  collection: string | null;
  decided: boolean | null;
  after: Place | null;
  limit: number;
}

/** Newest first. Pages go on after a place instead of skipping rows, so that runs held meanwhile shift nothing. */
export async function selectHeldRuns(
  tx: ReadTransaction,
  scope: BoundedScope,
  { collection, decided, after, limit }: HeldFilter,
): Promise<HeldRow[]> {
  const { rows } = await tx.query<HeldRow>(
    `${SELECT_HELD}
       AND ($3::bigint IS NULL OR c.id = $3) AND ($4::boolean IS NULL OR (h.decision IS NOT NULL) = $4)
       AND ($5::bigint IS NULL OR (${MICROS}, h.run_id) < ($5, $6::bigint))
     ORDER BY ${MICROS} DESC, h.run_id DESC LIMIT $7`,
    [scope.workspaceId, scope.instanceIds, collection, decided, after?.at ?? null, after?.id ?? null, limit],
  );
  return rows;
}

export async function selectHeldRun(tx: ReadTransaction, scope: BoundedScope, runId: string): Promise<HeldRow | undefined> {
  const { rows } = await tx.query<HeldRow>(`${SELECT_HELD} AND h.run_id = $3`, [scope.workspaceId, scope.instanceIds, runId]);
  return rows[0];
}

/** The same, with the held run and its week run locked: two decisions come one after the other, and no worker touches the run. */
export async function lockHeldRun(tx: Tx, scope: BoundedScope, runId: string): Promise<HeldRow | undefined> {
  const { rows } = await tx.query<HeldRow>(`${SELECT_HELD} AND h.run_id = $3 FOR UPDATE OF h, r`, [
    scope.workspaceId,
    scope.instanceIds,
    runId,
  ]);
  return rows[0];
}
