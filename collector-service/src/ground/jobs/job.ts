import type { Logger } from 'pino';
import type { z } from 'zod';

/** A piece of everyday work: what it is called, what it is told, how it is tried again, and what it does. */
export interface Job<Data = unknown, Deps = never> {
  /** As logs, metrics and commands show it, `room.deed`. A new name is a new job: what waits under the old one is left behind. */
  readonly name: string;
  /** What is kept in the database until it has run, as JSON: ids, no secrets. Checked when it is enqueued and again when it runs. */
  readonly data: z.ZodType<Data>;
  readonly retry: RetryPolicy;
  /** Of jobs with equal keys one waits or runs, and another one is not enqueued meanwhile. Needed by none that has a `cron`: of it there is one. */
  readonly singleton?: (data: Data) => string;
  /** Runs by itself, with the data `{}`: five cron fields, in UTC. What was missed while nothing ran is made up for once. */
  readonly cron?: string;
  /** The longest a run may take, in seconds, at most a day; an hour unless told. Its signal aborts then, and it counts as failed. */
  readonly timeoutSeconds?: number;
  /**
   * May run twice (a process dies between the deed and its record), so the second time must do no harm. An error is tried again, one of
   * the kind `terminal` is not. What it returns is kept with the run, for people.
   */
  readonly handle: (data: Data, deps: Deps, run: JobRun) => Promise<object | void>;
}

/** After an error: how often it is tried again, and after how many seconds; each pause is about twice the one before. */
export interface RetryPolicy {
  readonly limit: number;
  readonly firstAfterSeconds: number;
  readonly atMostSeconds: number;
}

export interface JobRun {
  /** Aborts when the process stops, the time is up, or another process has taken the job over. */
  readonly signal: AbortSignal;
  /** Names the job and its id in every line. */
  readonly logger: Logger;
}

/** A job whose data nobody looks at here; what it needs is for the composition root to give. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- each handler knows its own data, and no other's
export type AnyJob<Deps = never> = Job<any, Deps>;

/** Takes the types of data and needs from the schema and the handler. */
export const defineJob = <Data, Deps>(job: Job<Data, Deps>): Job<Data, Deps> => job;
