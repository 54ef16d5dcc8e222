/**
 * What went wrong, for a program and for a reader.
 *
 * `kind` decides what happens next: transient errors are retried with back-off, throttled ones when Amazon says so,
 * terminal ones stop, data errors hold the week for a person, bugs are ours.
 */
export type ErrorKind = 'transient' | 'throttled' | 'terminal' | 'data' | 'bug';

/** Every code this service can answer with; docs/troubleshooting.md lists cause and remedy of each. */
export const ERROR_CODES = [
  'config_invalid',
  'unauthenticated',
  'identity_unavailable',
  'forbidden',
  'not_found',
  'invalid_request',
  'method_not_allowed',
  'unsupported_media_type',
  'timed_out',
  'shutting_down',
  'unknown_dataset',
  'unknown_metric',
  'unknown_dimension',
  'no_answer',
  'conflict',
  'too_large',
  'rate_limited',
  'database_unavailable',
  'database_too_old',
  'disk_full',
  'lost_fence',
  'amc_unreachable',
  'amc_throttled',
  'amc_server_error',
  'amc_rejected_request',
  'amc_not_ready',
  'amc_url_expired',
  'amc_terms_not_accepted',
  'amc_forbidden',
  'amc_not_found',
  'amc_bad_credentials',
  'amc_grant_revoked',
  'amc_bad_answer',
  'execution_rejected',
  'execution_failed',
  'execution_cancelled',
  'execution_overdue',
  'day_limit',
  'result_truncated',
  'result_header',
  'result_value',
  'result_duplicate_keys',
  'result_empty',
  'result_set_aside',
  'week_out_of_range',
  'internal',
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

export interface CollectorErrorOptions {
  code: ErrorCode;
  kind: ErrorKind;
  /** HTTP status when the error reaches an API caller; 500 unless told. */
  status?: number;
  /** Throttled errors: how long the other side asked us to wait. */
  retryAfterMs?: number;
  /** Machine-readable particulars (never secrets). */
  details?: Record<string, unknown>;
  cause?: unknown;
}

/** The one error class. The message is a sentence that tells the reader what to do. */
export class CollectorError extends Error {
  readonly code: ErrorCode;
  readonly kind: ErrorKind;
  readonly status: number;
  readonly retryAfterMs: number | undefined;
  readonly details: Record<string, unknown> | undefined;

  constructor(message: string, options: CollectorErrorOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'CollectorError';
    this.code = options.code;
    this.kind = options.kind;
    this.status = options.status ?? 500;
    this.retryAfterMs = options.retryAfterMs;
    this.details = options.details;
  }
}
