import type { IsoDate } from '../../../ground/calendar/week.ts';
import type { Tx } from '../../../ground/database.ts';

/** What is needed to ask Amazon about a collection as a whole. */
export interface CollectionAtAmazon {
  collectionId: string;
  workspaceId: string;
  dataset: string;
  datasetVersion: number;
  firstWeek: IsoDate;
  workflowId: string;
  sqlText: string;
  instanceId: string;
  amcInstanceId: string;
  accountId: string;
  marketplaceId: string;
  timeZone: string;
  connectionId: string;
}

/** Columns of CollectionAtAmazon for a statement that calls the collection c and its instance i. */
export const COLLECTION_AT_AMAZON = `c.id AS "collectionId", c.workspace_id AS "workspaceId", c.dataset, c.dataset_version AS "datasetVersion",
  c.first_week::text AS "firstWeek", c.workflow_id AS "workflowId", c.sql_text AS "sqlText", c.instance_id AS "instanceId",
  i.amc_instance_id AS "amcInstanceId", i.account_id AS "accountId", i.marketplace_id AS "marketplaceId",
  i.time_zone AS "timeZone", i.connection_id AS "connectionId"`;

/**
 * Takes a collection whose workflow has to be saved and checked at Amazon before its first paid query, if it has something to do;
 * nobody else takes it for as long as the lease.
 */
export async function claimUnvalidated(tx: Tx, leaseMs: number): Promise<CollectionAtAmazon | undefined> {
  const { rows } = await tx.query<CollectionAtAmazon>(
    `UPDATE report_data_collections c SET validate_after = now() + $1::float8 * interval '1 ms'
     FROM instances i
     WHERE i.id = c.instance_id AND c.id = (
       SELECT c.id FROM report_data_collections c
       WHERE c.state = 'running' AND c.validated_at IS NULL AND c.validate_after <= now()
         AND NOT EXISTS (SELECT FROM collection_refusals f WHERE f.collection_id = c.id AND f.next_try_at > now())
         AND EXISTS (SELECT FROM week_runs r WHERE r.collection_id = c.id AND r.state = 'planned')
       ORDER BY c.id LIMIT 1
       FOR UPDATE SKIP LOCKED)
     RETURNING ${COLLECTION_AT_AMAZON}`,
    [leaseMs],
  );
  return rows[0];
}

/** Still at it: keeps others away for another lease. */
export async function postponeValidation(tx: Tx, collectionId: string, delayMs: number): Promise<void> {
  await tx.query(`UPDATE report_data_collections SET validate_after = now() + $2::float8 * interval '1 ms' WHERE id = $1`, [
    collectionId,
    delayMs,
  ]);
}

/** Amazon accepted workflow and SQL. */
export async function markValidated(tx: Tx, collectionId: string): Promise<void> {
  await tx.query('UPDATE report_data_collections SET validated_at = now(), updated_at = now() WHERE id = $1', [collectionId]);
}

/** What Amazon has saved is no longer what we believe. */
export async function forgetValidation(tx: Tx, collectionId: string, delayMs: number): Promise<void> {
  await tx.query(
    `UPDATE report_data_collections SET validated_at = NULL, validate_after = now() + $2::float8 * interval '1 ms', updated_at = now() WHERE id = $1`,
    [collectionId, delayMs],
  );
}
