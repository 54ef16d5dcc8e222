import { createHash } from 'node:crypto';
import type pg from 'pg';
import type { PgBoss } from 'pg-boss';
import { CollectorError } from '../../contract/error.ts';
import type { AnyJob } from './job.ts';
import { createBoss, SCHEMA_VERSION } from './pg-boss.ts';
import { readSetup, saveSetup } from './statements/setup.ts';

/** A job whose process is silent for so long is taken over by another one, at the next look (runner.ts). */
const HEARTBEAT_SECONDS = 30;
const TIMEOUT_SECONDS = 3_600;
/** How long what has ended stays to be seen. */
const KEEP_ENDED_SECONDS = 14 * 86_400;

/**
 * Makes pg-boss's tables, a queue per job and the calendar of those that run by themselves; one statement when all is as it was. Called
 * in the migrate step, by the role that owns the tables, so that whoever enqueues or runs afterwards finds them.
 * @throws CollectorError config_invalid when the tables are a newer pg-boss's
 */
export async function prepareJobs(db: pg.PoolClient, jobs: readonly AnyJob[]): Promise<void> {
  const before = await readSetup(db);
  if (before.schemaVersion !== null && before.schemaVersion > SCHEMA_VERSION)
    throw new CollectorError(
      'config_invalid',
      'The tables of the job queue were made by a newer version. Update this installation, or use the newer one.',
    );
  const sha256 = fingerprint(jobs);
  if (before.schemaVersion === SCHEMA_VERSION && before.sha256 === sha256) return;

  let failure: Error | undefined;
  const boss = await createBoss(db, { migrate: true, supervise: false, schedule: false });
  boss.on('error', (error) => (failure ??= error));
  try {
    await boss.start();
    for (const job of jobs) await prepareQueue(boss, job);
    await prepareCalendar(boss, jobs);
  } finally {
    await boss.stop();
  }
  if (failure) throw failure;
  await saveSetup(db, sha256);
}

/** Everything about the jobs that the database holds. */
const fingerprint = (jobs: readonly AnyJob[]): string =>
  createHash('sha256')
    .update(JSON.stringify(jobs.map((job) => [job.name, policyOf(job), queueOf(job), job.cron])))
    .digest('hex');

const policyOf = ({ singleton, cron }: AnyJob) => (singleton || cron ? 'exclusive' : 'standard');

const queueOf = ({ retry, timeoutSeconds }: AnyJob) => ({
  retryLimit: retry.limit,
  retryDelay: retry.firstAfterSeconds,
  retryDelayMax: retry.atMostSeconds,
  retryBackoff: true,
  expireInSeconds: timeoutSeconds ?? TIMEOUT_SECONDS,
  heartbeatSeconds: HEARTBEAT_SECONDS,
  deleteAfterSeconds: KEEP_ENDED_SECONDS,
});

async function prepareQueue(boss: PgBoss, job: AnyJob): Promise<void> {
  const policy = policyOf(job);
  await boss.createQueue(job.name, { policy, ...queueOf(job) });
  const queue = await boss.getQueue(job.name);
  if (queue?.policy !== policy)
    throw new CollectorError('config_invalid', `Job ${job.name} became, or ceased to be, one of a kind: give it another name.`);
  await boss.updateQueue(job.name, queueOf(job));
}

async function prepareCalendar(boss: PgBoss, jobs: readonly AnyJob[]): Promise<void> {
  const recurring = jobs.flatMap(({ name, cron }) => (cron === undefined ? [] : [{ name, cron }]));
  for (const { name, cron } of recurring) await boss.schedule(name, cron, {}, { tz: 'UTC', missed: 'once' });
  const names = new Set(recurring.map(({ name }) => name));
  for (const { name } of await boss.getSchedules()) if (!names.has(name)) await boss.unschedule(name);
}
