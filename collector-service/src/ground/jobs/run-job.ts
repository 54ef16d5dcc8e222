import { setTimeout as sleep } from 'node:timers/promises';
import type { JobResult, JobWithMetadata, PgBoss } from 'pg-boss';
import type { Logger } from 'pino';
import { CollectorError } from '../../contract/error.ts';
import type { AnyJob } from './job.ts';
import type { JobStore } from './store.ts';
import { countRun, type JobOutcome } from './statements/totals.ts';

export interface RunContext<Deps> {
  boss: PgBoss;
  store: JobStore;
  deps: Deps;
  logger: Logger;
  /** Aborts when the process cannot wait any longer. */
  stop: AbortSignal;
  afterAbortMs: number;
}

/**
 * Runs one claimed job to its end, whatever that is, and says which for pg-boss to record. What it was told is in no line of the log, and
 * of an error only its sentence is kept. Never rejects.
 */
export async function runJob<Deps>(job: AnyJob<Deps>, claimed: JobWithMetadata, context: RunContext<Deps>): Promise<JobResult> {
  const logger = context.logger.child({ job: job.name, jobId: claimed.id });
  const began = performance.now();
  const { outcome, result } = await attempt(job, claimed, logger, context);
  const seconds = (performance.now() - began) / 1000;
  await countRun(context.store.pool, job.name, outcome, seconds).catch((error: unknown) =>
    logger.warn({ err: error }, 'A run of a job is missing in the metrics.'),
  );
  return result;
}

async function attempt<Deps>(
  job: AnyJob<Deps>,
  claimed: JobWithMetadata,
  logger: Logger,
  context: RunContext<Deps>,
): Promise<{ outcome: JobOutcome; result: JobResult }> {
  const { id } = claimed;
  try {
    const output = await handle(job, claimed, logger, context);
    logger.debug('A job ran.');
    return { outcome: 'completed', result: { id, status: 'completed', output } };
  } catch (error) {
    if (context.stop.aborted && (await handBack(job, claimed, logger, context)))
      return { outcome: 'handed_back', result: { id, status: 'completed' } };
    const hopeless = error instanceof CollectorError && error.kind === 'terminal';
    const dead = hopeless || claimed.retryCount >= claimed.retryLimit;
    const log = { err: error, attempt: claimed.retryCount + 1 };
    if (dead) logger.error(log, `A job failed for good. Once the cause is gone: collector jobs retry ${id}`);
    else logger.warn(log, 'A job failed; it is tried again.');
    const output = { message: error instanceof Error ? error.message : String(error) };
    return { outcome: dead ? 'failed' : 'retried', result: { id, status: dead ? 'deadletter' : 'failed', output } };
  }
}

/** What the handler does, or an error as soon as the process cannot wait for it any longer. */
async function handle<Deps>(
  job: AnyJob<Deps>,
  claimed: JobWithMetadata,
  logger: Logger,
  { deps, stop, afterAbortMs }: RunContext<Deps>,
): Promise<object | void> {
  const data: unknown = readData(job, claimed);
  const over = new AbortController();
  const signal = AbortSignal.any([claimed.signal, stop]);
  try {
    const output = await Promise.race([job.handle(data, deps, { signal, logger }), endOf(stop, afterAbortMs, over.signal)]);
    // The time was up, or another process has the job: whatever this run did, it does not count.
    claimed.signal.throwIfAborted();
    return output;
  } finally {
    over.abort();
  }
}

/** @throws CollectorError of the kind terminal: trying again does not change what is stored */
function readData<Deps>(job: AnyJob<Deps>, claimed: JobWithMetadata): unknown {
  const { success, data, error } = job.data.safeParse(claimed.data);
  if (success) return data;
  const where = error.issues.map(({ path, code }) => `${path.join('.') || 'data'}: ${code}`).join(', ');
  const message = `The job was enqueued by another version, with data that this one does not take (${where}).`;
  throw new CollectorError('internal', message, { kind: 'terminal' });
}

/** Rejects some time after the stop; never when the run is over before. */
async function endOf(stop: AbortSignal, afterMs: number, over: AbortSignal): Promise<never> {
  await new Promise<void>((resolve) => {
    if (stop.aborted) resolve();
    else stop.addEventListener('abort', () => resolve(), { once: true, signal: over });
  });
  await sleep(afterMs, undefined, { signal: over }).catch(() => undefined);
  throw stop.reason;
}

/**
 * Puts the job back in line, for another process to begin at once, with as many attempts left as before. Only while it is ours: the
 * attempt is named. In one transaction, since between its statements the job counts as cancelled.
 */
async function handBack<Deps>(
  { name }: AnyJob<Deps>,
  claimed: JobWithMetadata,
  logger: Logger,
  { boss, store }: RunContext<Deps>,
): Promise<boolean> {
  try {
    await store.transaction(async (tx) => {
      const db = { executeSql: (text: string, values?: unknown[]) => tx.query(text, values) };
      await boss.cancel(name, claimed, { db });
      await boss.resume(name, claimed.id, { db });
      await boss.update(name, undefined, { id: claimed.id, retryLimit: claimed.retryLimit + 1, db });
    });
    logger.info('The process stops; the job was handed back.');
    return true;
  } catch (error) {
    logger.warn({ err: error }, 'A job could not be handed back; it is taken over when its process has been silent for a while.');
    return false;
  }
}
