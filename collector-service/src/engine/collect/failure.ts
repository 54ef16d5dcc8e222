import { CollectorError } from '../../contract/error.ts';
import type { ErrorCode } from '../../contract/errors.ts';
import type { ClaimedRun } from './run.ts';
import { scaled, type CollectSettings } from './settings.ts';
import type { RunError } from './statements/transitions.ts';

/** What of a collection Amazon can refuse. A probe asks for the same, free of charge. */
export const ASKED = ['validate', 'create', 'list', 'download'] as const;

/** Every week of the collection would meet these, if they are meant: one answer may be a slip (refused.ts). */
const REFUSES_ACCESS: readonly ErrorCode[] = [
  'amc_bad_credentials',
  'amc_grant_revoked',
  'amc_forbidden',
  'amc_terms_not_accepted',
  'config_invalid',
];

export const refusesAccess = (error: unknown): error is CollectorError =>
  error instanceof CollectorError && REFUSES_ACCESS.includes(error.code);

/** Amazon judged the SQL itself: asking again brings the same, and only another version of the dataset helps. */
export const rejectsTheSql = (error: unknown): error is CollectorError =>
  error instanceof CollectorError && error.code === 'execution_rejected' && !isDifferencing(reasonOf(error));

/**
 * Whether an error is an answer about the collection as a whole. A result that cannot be had is its week's own matter; whatever else
 * Amazon turns down would be turned down for every week.
 */
export function refusesTheCollection(error: unknown, asked: (typeof ASKED)[number]): error is CollectorError {
  if (refusesAccess(error)) return true;
  return error instanceof CollectorError && asked !== 'download' && error.kind === 'terminal' && error.code !== 'execution_rejected';
}

/** Amazon's own words, or nothing. */
export const reasonOf = (error: unknown): string => (error instanceof CollectorError ? String(error.details?.reason ?? '') : '');

/** Amazon cannot have acted on the request. Everything less than certain counts as sent, because a paid query may hang on it. */
export const certainlyNotSent = (error: unknown): boolean => error instanceof CollectorError && error.details?.sent === false;

/** Amazon's protection against telling users apart by overlapping queries; it passes with time (reference/amc.md §3.4). */
export const isDifferencing = (reason: string): boolean => /too many workflows have already been run/i.test(reason);

/**
 * How long to wait after a failure, in milliseconds of real time: as long as the other side asked, otherwise twice the last wait with
 * up to half of it more or less, so that many workers do not come back together.
 */
export function backOff(run: Pick<ClaimedRun, 'lastDelayMs'>, settings: CollectSettings, error?: unknown): number {
  const asked = error instanceof CollectorError ? error.retryAfterMs : undefined;
  const first = scaled(settings.backOffFirstMs, settings);
  const next = run.lastDelayMs === null ? first : Math.max(first, run.lastDelayMs * 2);
  const jittered = Math.min(next, scaled(settings.backOffMaxMs, settings)) * (0.5 + Math.random());
  return Math.max(asked ?? 0, jittered);
}

/** For how long the step has failed in just this way, in milliseconds. */
export const failedFor = ({ errorCode, failingMs }: Pick<ClaimedRun, 'errorCode' | 'failingMs'>, code: ErrorCode): number =>
  errorCode === code ? (failingMs ?? 0) : 0;

/** The back-off has reached its longest: what keeps failing in the same way for that long will not mend itself. */
export const backedOffLongEnough = (run: Pick<ClaimedRun, 'lastDelayMs'>, settings: CollectSettings): boolean =>
  run.lastDelayMs !== null && run.lastDelayMs * 2 >= scaled(settings.backOffMaxMs, settings);

/** For the week's row: a code from our list and a sentence. */
export function describeError(error: unknown): RunError {
  if (error instanceof CollectorError) return { code: error.code, message: error.message };
  return {
    code: 'internal',
    message: `A mistake of the collector: ${error instanceof Error ? error.message : String(error)}. See its log for this run.`,
  };
}
