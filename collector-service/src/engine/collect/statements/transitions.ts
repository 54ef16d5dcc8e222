import type { ErrorCode } from '../../../contract/errors.ts';
import { lostFence, type ClaimedRun } from '../run.ts';
import type { WeekState } from '../states.ts';
import { freeSlots } from './slots.ts';
import type { Tx } from '../../../ground/database.ts';

/** What a person reads beside a week that does not get on. */
export interface RunError {
  code: ErrorCode;
  message: string;
}

/** Every write of a worker goes through here: the fence decides, and a late worker learns that it is one. @throws CollectorError lost_fence */
async function fenced(
  tx: Tx,
  run: Pick<ClaimedRun, 'id' | 'fence' | 'week'>,
  from: WeekState,
  assignments: string,
  values: unknown[],
): Promise<void> {
  const { rowCount } = await tx.query(
    `UPDATE week_runs SET ${assignments}, updated_at = now() WHERE id = $1 AND fence = $2 AND state = $3`,
    [run.id, run.fence, from, ...values],
  );
  if (rowCount === 0) throw lostFence(run);
}

const GIVE_BACK = 'lease_until = NULL, lease_owner = NULL';
const NO_ERROR = 'error_code = NULL, error_message = NULL, error_at = NULL, failing_since = NULL';
const wait = (parameter: string) => `not_before = now() + ${parameter}::float8 * interval '1 ms'`;

/**
 * Notes that a create request is about to be sent. The first note stays until the execution it may have bought has come to an end:
 * an execution that Amazon lists very late is still ours then. clock_timestamp(), not now(): as close to the request as can be.
 */
export async function noteCreateAttempt(tx: Tx, run: ClaimedRun): Promise<void> {
  await fenced(
    tx,
    run,
    'creating',
    'create_attempted_at = coalesce(create_attempted_at, clock_timestamp()), looked_at = NULL, look_since = NULL',
    [],
  );
}

/** A first look for an execution of unknown fate found none: look again later. */
export async function noteFirstLook(tx: Tx, run: ClaimedRun, delayMs: number): Promise<void> {
  await fenced(tx, run, 'creating', `looked_at = now(), ${wait('$4')}, ${GIVE_BACK}`, [delayMs]);
}

/**
 * Amazon has the execution. The unique index on execution ids refuses one that another run holds. Of one that a database before a
 * restore bought, no attempt is on record: it began when Amazon made it (by the database's clock).
 */
export async function markRunning(
  tx: Tx,
  run: ClaimedRun,
  execution: { id: string; status: string; createdAt?: Date | null },
  pollInMs: number,
): Promise<void> {
  await fenced(
    tx,
    run,
    'creating',
    `state = 'running', counted_on = NULL, execution_id = $4, execution_status = $5, ${wait('$6')}, ${GIVE_BACK}, ${NO_ERROR},
     create_attempted_at = coalesce(create_attempted_at, $7, clock_timestamp())`,
    [execution.id, execution.status, pollInMs, execution.createdAt ?? null],
  );
}

/** The create request certainly bought nothing: the week waits in line again and its slots are free. */
export async function markNotCreated(tx: Tx, run: ClaimedRun, delayMs: number, error: RunError | null): Promise<void> {
  await fenced(
    tx,
    run,
    'creating',
    `state = 'planned', create_attempted_at = NULL, looked_at = NULL, ${wait('$4')}, ${GIVE_BACK},
     error_code = $5, error_message = $6, error_at = CASE WHEN $5::text IS NULL THEN NULL ELSE now() END`,
    [delayMs, error?.code ?? null, error?.message ?? null],
  );
  await freeSlots(tx, run.id);
}

/** Same state, later: the step failed in a way that may pass. The error is shown, and the next claim doubles the wait. */
export async function postpone(tx: Tx, run: ClaimedRun, delayMs: number, error: RunError): Promise<void> {
  await fenced(
    tx,
    run,
    run.state,
    `${wait('$4')}, ${GIVE_BACK}, error_code = $5, error_message = $6, error_at = now(),
     failing_since = CASE WHEN error_code = $5 THEN coalesce(failing_since, now()) ELSE now() END`,
    [delayMs, error.code, error.message],
  );
}

/**
 * Still running at Amazon: ask again later. Many runs in one statement; those taken over meanwhile are left out silently.
 * Returns the ids of runs whose status is another one than before.
 */
export async function keepPolling(tx: Tx, runs: readonly { run: ClaimedRun; status: string }[], delayMs: number): Promise<string[]> {
  const { rows } = await tx.query<{ id: string; changed: boolean }>(
    `UPDATE week_runs r SET execution_status = m.status, ${wait('$4')}, ${GIVE_BACK}, ${NO_ERROR}, updated_at = now()
     FROM unnest($1::bigint[], $2::bigint[], $3::text[]) AS m (id, fence, status) JOIN week_runs before ON before.id = m.id
     WHERE r.id = m.id AND r.fence = m.fence AND r.state = 'running'
     RETURNING r.id, before.execution_status IS DISTINCT FROM m.status AS changed`,
    [runs.map(({ run }) => run.id), runs.map(({ run }) => run.fence), runs.map(({ status }) => status), delayMs],
  );
  return rows.filter(({ changed }) => changed).map(({ id }) => id);
}

/** Amazon has the result; the execution no longer counts against the limits. */
export async function markSucceeded(tx: Tx, run: ClaimedRun, status: string): Promise<void> {
  await fenced(tx, run, 'running', `state = 'downloading', execution_status = $4, not_before = now(), ${GIVE_BACK}, ${NO_ERROR}`, [status]);
  await freeSlots(tx, run.id);
}

/**
 * The execution came to nothing and may be bought again: in line once more, its slots free, one attempt used (or none, when Amazon
 * refused it before computing). Its id stays until the next one's, so that it is never taken for the next one.
 */
export async function markForAnotherExecution(
  tx: Tx,
  run: ClaimedRun,
  delayMs: number,
  error: RunError,
  attemptUsed: boolean,
): Promise<void> {
  await fenced(
    tx,
    run,
    'running',
    `state = 'planned', create_attempted_at = NULL, looked_at = NULL, ${wait('$4')}, ${GIVE_BACK},
     error_code = $5, error_message = $6, error_at = now(), attempt = attempt + $7`,
    [delayMs, error.code, error.message, attemptUsed ? 1 : 0],
  );
  await freeSlots(tx, run.id);
}

/** Takes a run from downloading to merging and back: what a person sees, and where a crash happened. The lease goes on. */
export async function moveOn(tx: Tx, run: ClaimedRun, to: 'downloading' | 'merging'): Promise<ClaimedRun> {
  await fenced(tx, run, run.state, 'state = $4', [to]);
  return { ...run, state: to };
}

/** Ends a run that brought no data: failed, held for a person, or skipped. What is served stays. */
export async function endWithoutData(
  tx: Tx,
  run: Pick<ClaimedRun, 'id' | 'fence' | 'week' | 'state'>,
  state: 'failed' | 'held' | 'skipped',
  error: RunError,
  attemptUsed = false,
): Promise<void> {
  await fenced(
    tx,
    run,
    run.state,
    `state = $4, ${GIVE_BACK}, error_code = $5, error_message = $6, error_at = now(), finished_at = now(), attempt = attempt + $7`,
    [state, error.code, error.message, attemptUsed ? 1 : 0],
  );
  await freeSlots(tx, run.id);
}

export interface MergedRun {
  fileSha256: string;
  fileBytes: number;
  rowsTotal: number;
  rowsAdded: number;
  rowsChanged: number;
  rowsVanished: number;
  /** What a person should know of the result (store/merge/refusal.ts). */
  notes: readonly unknown[];
}

/** The week is served; in the transaction of its merge. */
export async function markDone(tx: Tx, run: Pick<ClaimedRun, 'id' | 'fence' | 'week'>, merged: MergedRun): Promise<void> {
  const { fileSha256, fileBytes, rowsTotal, rowsAdded, rowsChanged, rowsVanished, notes } = merged;
  const assignments = `state = 'done', finished_at = now(), ${GIVE_BACK}, ${NO_ERROR}, file_sha256 = $4, file_bytes = $5,
    rows_total = $6, rows_added = $7, rows_changed = $8, rows_vanished = $9, notes = $10`;
  const values = [fileSha256, fileBytes, rowsTotal, rowsAdded, rowsChanged, rowsVanished, JSON.stringify(notes)];
  await fenced(tx, run, 'merging', assignments, values);
}
