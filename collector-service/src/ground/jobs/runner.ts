import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import type { Logger } from 'pino';
import type { JobWithMetadata, PgBoss } from 'pg-boss';
import type { AnyJob } from './job.ts';
import { createBoss } from './pg-boss.ts';
import { runJob } from './run-job.ts';
import type { JobStore } from './store.ts';

/** Seconds between two looks, each of them a statement or two. */
export interface Pace {
  /** For something to do, per job. */
  poll: number;
  /** For jobs whose process has died, by one process of all. */
  supervise: number;
  /** At the calendar, by one process of all. */
  calendar: number;
}
const PACE: Pace = { poll: 2, supervise: 30, calendar: 30 };

/** How long running jobs may go on after a stop, in milliseconds, and how long they may take to end when aborted. */
const GRACE_MS = 4_000;
const AFTER_ABORT_MS = 1_500;
/** Until the library has let go of the database; one that does not answer must not keep the process. */
const AFTER_END_MS = 2_000;
/** What of pg-boss is not used here need not be looked after often. */
const SELDOM_SECONDS = 600;

export interface RunJobs<Deps> {
  store: JobStore;
  jobs: readonly AnyJob<Deps>[];
  /** Handed to every handler. */
  deps: Deps;
  logger: Logger;
  pace?: Pace;
  graceMs?: number;
}

/**
 * Runs jobs until the signal aborts; any number of processes share them. A database that is away is waited for. After the abort nothing
 * new begins, what runs gets its grace, then its signal, and what does not end is handed back for another process to begin at once.
 * Resolves then.
 */
export async function runJobs<Deps>(options: RunJobs<Deps>, signal: AbortSignal): Promise<void> {
  const { store, jobs, logger, pace = PACE, graceMs = GRACE_MS } = options;
  const watched = watchDatabase(store.sessions, logger);
  const boss = await createBoss(watched.db, {
    migrate: true,
    superviseIntervalSeconds: pace.supervise,
    monitorIntervalSeconds: pace.supervise,
    cronMonitorIntervalSeconds: pace.calendar,
    cronWorkerIntervalSeconds: Math.min(pace.calendar, 5),
    flowIntervalSeconds: SELDOM_SECONDS,
    bamIntervalSeconds: SELDOM_SECONDS,
  });
  if (signal.aborted) return;
  boss.on('error', watched.failed);
  // Its data may hold what a job was told.
  boss.on('warning', ({ message }) => logger.warn({ part: 'pg-boss' }, message));
  const stop = stopAtAbort(boss, signal, graceMs, logger);

  try {
    await boss.start({ attempts: Number.MAX_SAFE_INTEGER });
    for (const job of jobs) {
      const work = async ([claimed]: JobWithMetadata[]) => [
        await runJob(job, claimed!, { ...options, boss, stop: stop.hard, afterAbortMs: AFTER_ABORT_MS }),
      ];
      if (!signal.aborted)
        await boss.work(job.name, { pollingIntervalSeconds: pace.poll, perJobResults: true, includeMetadata: true }, work);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  await stop.done;
}

/** What happens at the abort, and the signal for jobs that have had their grace. */
function stopAtAbort(boss: PgBoss, signal: AbortSignal, graceMs: number, logger: Logger): { hard: AbortSignal; done: Promise<void> } {
  const hard = new AbortController();
  async function stop(): Promise<void> {
    const grace = setTimeout(() => hard.abort(new Error('The collector is stopping.')), graceMs);
    const longest = graceMs + AFTER_ABORT_MS + AFTER_END_MS;
    await Promise.race([boss.stop({ timeout: longest }), sleep(longest, undefined, { ref: false })]);
    clearTimeout(grace);
  }
  const done = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
    .then(stop)
    .catch((error: unknown) => logger.warn({ err: error }, 'Jobs did not stop cleanly.'));
  return { hard: hard.signal, done };
}

/** Says once that the database does not do what the library asks, however often that fails, and once that it does again. */
function watchDatabase(pool: pg.Pool, logger: Logger) {
  let trouble: Error | undefined;
  const query = async (text: string, values?: unknown[]) => {
    const before = trouble;
    const result = await pool.query(text, values);
    // What was under way when the trouble began, and still got its answer, proves nothing.
    if (trouble !== undefined && before === trouble) {
      trouble = undefined;
      logger.info('The database does what the job queue asks again; jobs go on.');
    }
    return result;
  };
  return {
    db: { query } as Pick<pg.Pool, 'query'>,
    failed(error: Error) {
      if (!trouble) logger.warn({ err: error }, 'The database did not do what the job queue asked; jobs wait until it does.');
      trouble ??= error;
    },
  };
}
