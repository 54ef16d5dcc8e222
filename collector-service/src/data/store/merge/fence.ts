import type pg from 'pg';
import { CollectorError } from '../../../contract/error.ts';
import type { MergeInput } from './input.ts';

type Held = Pick<MergeInput, 'runId' | 'fence' | 'instanceId' | 'week'>;

/** Stops a worker that was taken for dead before it does any work. Without a lock: renewing the lease must not wait for a merge. */
export async function assertFence(tx: pg.PoolClient, held: Held): Promise<void> {
  if (!(await findRun(tx, held, ''))) throw lostFence(held);
}

/** The last word: from here to the end of the transaction nobody can take the run, so what was written is ours to commit. */
export async function lockFence(tx: pg.PoolClient, held: Held): Promise<void> {
  if (!(await findRun(tx, held, 'FOR UPDATE'))) throw lostFence(held);
}

const findRun = async (tx: pg.PoolClient, { runId, fence, instanceId, week }: Held, lock: '' | 'FOR UPDATE'): Promise<boolean> => {
  const { rowCount } = await tx.query(`SELECT FROM week_runs WHERE id = $1 AND fence = $2 AND instance_id = $3 AND week = $4 ${lock}`, [
    runId,
    fence,
    instanceId,
    week,
  ]);
  return rowCount === 1;
};

const lostFence = ({ runId, week }: Held): CollectorError =>
  new CollectorError('lost_fence', `Another worker took over week ${week} (run ${runId}); nothing was written here.`);
