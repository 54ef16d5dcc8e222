import type { PoolClient } from 'pg';
import type { Job } from './job.ts';
import { createBoss } from './pg-boss.ts';

/**
 * Puts a job in line, in the transaction of whoever asks for it: it exists when, and only when, that commits.
 * @returns its id; null when one with the same singleton key waits or runs
 * @throws ZodError when the data is not what the job takes
 */
export async function enqueue<Data>(tx: PoolClient, job: Job<Data>, data: Data): Promise<string | null> {
  const checked = job.data.parse(data);
  const boss = await createBoss(tx, {});
  return boss.send(job.name, checked as object, job.singleton ? { singletonKey: job.singleton(checked) } : {});
}
