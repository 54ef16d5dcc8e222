/** How the collecting behaves. Durations in milliseconds of real time at time factor 1; see scaled(). */
export interface CollectSettings {
  /** How long a step may go without a sign of life before another worker takes it over (database clock; never scaled). */
  leaseMs: number;
  /** Makes waiting shorter, for the sandbox: divides poll intervals, looks, back-offs and deadlines. Limits and leases stay. */
  timeFactor: number;
  /** First interval between two polls of an instance; it grows with the age of the youngest execution up to pollMaxMs. */
  pollFirstMs: number;
  pollMaxMs: number;
  /** Wait between the two looks for an execution whose fate is unknown: a fresh one may be listed late. */
  secondLookMs: number;
  /** How far Amazon's clock may be behind the database's when an execution is adopted (never scaled). */
  clockSlackMs: number;
  /** What we ask Amazon to allow an execution, in seconds of Amazon's time (900 to 86,400; reference: createWorkflowExecution). */
  executionTimeoutSeconds: number;
  /** Executions bought for one run before it fails, the first included. */
  maxAttempts: number;
  /** First and longest back-off after a transient failure; it doubles each time. */
  backOffFirstMs: number;
  backOffMaxMs: number;
  /** An answer that Amazon repeats for so long is meant: the collection stops, or the week fails. */
  refusalMs: number;
  /** First and longest pause between two probes of a collection that was stopped; it doubles each time. */
  probeFirstMs: number;
  probeMaxMs: number;
  /** How long a week that is not complete yet waits for the next look. */
  notCompleteMs: number;
  /** How long a week rests after Amazon's differencing protection refused it. */
  differencingParkMs: number;
  /** Steps at once in this process: calls to Amazon, and downloads with their merge (one downloads while two merge). */
  apiSteps: number;
  mergeSteps: number;
  /** How long a merge may take, besides a second per megabyte of its file (never scaled). */
  mergeMs: number;
  /** How long a graceful stop lets running steps finish before it aborts them. */
  stopGraceMs: number;
  /** Executions in flight per AMC instance (Amazon allows 10; two are left for people) and per account (Amazon allows 200). */
  instanceLimit: number;
  accountLimit: number;
  /** Executions created per UTC day (database clock) and instance, unless the instance has a limit of its own; null: no limit. */
  instancePerDay: number | null;
  accountPerDay: number | null;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export const DEFAULT_SETTINGS: CollectSettings = {
  leaseMs: 30_000,
  timeFactor: 1,
  pollFirstMs: 10_000,
  pollMaxMs: 5 * MINUTE,
  secondLookMs: MINUTE,
  clockSlackMs: MINUTE,
  executionTimeoutSeconds: 21_600,
  maxAttempts: 3,
  backOffFirstMs: 5_000,
  backOffMaxMs: 15 * MINUTE,
  refusalMs: HOUR,
  probeFirstMs: MINUTE,
  probeMaxMs: HOUR,
  notCompleteMs: HOUR,
  differencingParkMs: 2 * DAY,
  apiSteps: 4,
  mergeSteps: 3,
  mergeMs: MINUTE,
  stopGraceMs: 4_000,
  instanceLimit: 8,
  accountLimit: 200,
  instancePerDay: null,
  accountPerDay: null,
};

/** Amazon's own limits: asking for more would only fill its queue. */
export const AMAZON_INSTANCE_LIMIT = 10;
export const AMAZON_ACCOUNT_LIMIT = 200;

/** A duration as it really passes: divided by the time factor, never below 20 ms, so that a huge factor does not spin. */
export const scaled = (durationMs: number, settings: Pick<CollectSettings, 'timeFactor'>): number =>
  Math.max(20, durationMs / settings.timeFactor);

/** Our own deadline of an execution: Amazon's timeout and a day of queueing. */
export const overdueAfterMs = (settings: CollectSettings): number => scaled(settings.executionTimeoutSeconds * 1000 + DAY, settings);
