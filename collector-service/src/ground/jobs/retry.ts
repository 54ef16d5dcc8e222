import type { PoolClient } from 'pg';
import { CollectorError } from '../../contract/error.ts';
import { createBoss } from './pg-boss.ts';
import { readDeadJob } from './state.ts';

/**
 * Has a job that failed for good tried once more, at once.
 * @throws CollectorError not_found; conflict when another one of its kind is in line
 */
export async function retryJob(tx: PoolClient, id: string): Promise<void> {
  const { job } = await readDeadJob(tx, id);
  const boss = await createBoss(tx, {});
  try {
    await boss.retry(job, id);
  } catch (error) {
    if ((error as { code?: unknown }).code !== '23505') throw error;
    const message = `Another ${job} waits or runs already; that one does the same.`;
    throw new CollectorError('conflict', message, { cause: error });
  }
}
