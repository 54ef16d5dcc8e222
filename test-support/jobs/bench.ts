import { pino } from 'pino';
import type { AnyJob } from '@amc-reports/collector-service/ground/jobs/job.ts';
import { runJobs, type Pace } from '@amc-reports/collector-service/ground/jobs/runner.ts';
import { migrate } from '@amc-reports/collector-service/data/store/migrate.ts';
import { openStore, type Store } from '@amc-reports/collector-service/data/store/store.ts';
import { createMigratedDatabase } from '../database.ts';

/** As often as pg-boss lets itself look. */
export const QUICK: Pace = { poll: 0.5, supervise: 1, calendar: 1 };

export interface LogLine {
  level: number;
  msg: string;
  [field: string]: unknown;
}

/** A database in which the jobs are prepared, and any number of runners over it, each with connections of its own as a process has. */
export async function createJobBench(jobs: readonly AnyJob[]) {
  const database = await createMigratedDatabase();
  const store = await openStore(database.url);
  await migrate(store, { datasets: [], jobs });
  const log: LogLine[] = [];
  const logger = pino({ level: 'trace' }, { write: (line) => void log.push(JSON.parse(line) as LogLine) });
  const running = new Set<() => Promise<void>>();

  return {
    url: database.url,
    store,
    log,
    query: async <T>(sql: string, ...values: unknown[]): Promise<T[]> => (await store.pool.query(sql, values)).rows as T[],
    /** The states of all jobs of a name, in the order they were enqueued. */
    states: async (name: string): Promise<string[]> =>
      (await store.pool.query<{ state: string }>('SELECT state FROM pgboss.job WHERE name = $1 ORDER BY created_on, id', [name])).rows.map(
        ({ state }) => state,
      ),
    /** Starts a runner. @returns stops it */
    async run<Deps>(deps: Deps, graceMs?: number): Promise<() => Promise<void>> {
      const own: Store = await openStore(database.url, { logger });
      const signal = new AbortController();
      const ended = runJobs(
        { store: own, jobs: jobs as readonly AnyJob<Deps>[], deps, logger, pace: QUICK, ...(graceMs !== undefined && { graceMs }) },
        signal.signal,
      );
      const stop = async () => {
        running.delete(stop);
        signal.abort();
        await ended;
        await own.close();
      };
      running.add(stop);
      return stop;
    },
    async drop(): Promise<void> {
      await Promise.all([...running].map((stop) => stop()));
      await store.close();
      await database.drop();
    },
  };
}
export type JobBench = Awaited<ReturnType<typeof createJobBench>>;
