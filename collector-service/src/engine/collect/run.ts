import type { IsoDate } from '../../ground/calendar/week.ts';
import type { CollectionState, WeekState } from './states.ts';
import { CollectorError } from '../../contract/error.ts';

/** A week run in the hands of this worker: what the steps need to know, and the fence that every write must carry. */
export interface ClaimedRun {
  id: string;
  fence: string;
  state: WeekState;
  week: IsoDate;
  /** Executions already bought for this run that came to nothing. */
  attempt: number;
  collectionId: string;
  collectionState: CollectionState;
  workspaceId: string;
  dataset: string;
  datasetVersion: number;
  workflowId: string;
  executionId: string | null;
  /** Where its result comes from: 'stored' once a person accepted a held run. */
  source: 'amazon' | 'stored';
  /** A person takes the result whatever quality rules say. */
  overrule: boolean;
  createAttemptedAt: Date | null;
  /** Since then, by the database's clock; null when nothing was sent. */
  sinceAttemptMs: number | null;
  lookedAt: Date | null;
  /** Set by a restore: an execution bought since then may be this run's although nothing says so; null otherwise. */
  lookSince: Date | null;
  /** The back-off before this claim, when the step failed before; null otherwise. */
  lastDelayMs: number | null;
  /** What the step failed with when it was tried before, and for how long with the same (ms); null when it did not fail. */
  errorCode: string | null;
  failingMs: number | null;
  instanceId: string;
  amcInstanceId: string;
  accountId: string;
  marketplaceId: string;
  timeZone: string;
  connectionId: string;
}

/** Columns of ClaimedRun for a statement that calls the run r, its collection c and its instance i. */
export const CLAIMED_RUN = `r.id, r.fence, r.state, r.week::text AS week, r.attempt,
  r.collection_id AS "collectionId", c.state AS "collectionState", c.workspace_id AS "workspaceId",
  c.dataset, c.dataset_version AS "datasetVersion", c.workflow_id AS "workflowId",
  r.execution_id AS "executionId", r.source, r.overrule, r.create_attempted_at AS "createAttemptedAt",
  (extract(epoch FROM now() - r.create_attempted_at) * 1000)::float8 AS "sinceAttemptMs", r.looked_at AS "lookedAt", r.look_since AS "lookSince",
  CASE WHEN r.error_code IS DISTINCT FROM 'day_limit' THEN (extract(epoch FROM r.not_before - r.error_at) * 1000)::float8 END AS "lastDelayMs",
  r.error_code AS "errorCode", (extract(epoch FROM now() - r.failing_since) * 1000)::float8 AS "failingMs",
  r.instance_id AS "instanceId", i.amc_instance_id AS "amcInstanceId", i.account_id AS "accountId", i.marketplace_id AS "marketplaceId",
  i.time_zone AS "timeZone", i.connection_id AS "connectionId"`;

/** This worker was taken for dead and its run given to another: whatever it holds is worthless. */
export const lostFence = (run: Pick<ClaimedRun, 'id' | 'week'>): CollectorError =>
  new CollectorError('lost_fence', `Another worker took over week ${run.week} (run ${run.id}); nothing was written here.`);
