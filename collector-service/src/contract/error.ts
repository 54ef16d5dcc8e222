import type { ErrorKind } from './errors/entry.ts';
import { ERRORS, type ErrorCode } from './errors.ts';

export interface CollectorErrorOptions {
  /** Machine-readable particulars (never secrets). */
  details?: Record<string, unknown> | undefined;
  cause?: unknown;
  /** Throttled errors: how long the other side asked us to wait. */
  retryAfterMs?: number | undefined;
  /** Only where the same code passes at times and at others does not; the table's unless told. */
  kind?: ErrorKind;
  /** Only where HTTP has a better word for this one case; the table's unless told. */
  status?: number;
}

/** The one error class: what is known of a code stands in the table of errors. The message is a sentence that tells the reader what to do. */
export class CollectorError extends Error {
  readonly code: ErrorCode;
  readonly kind: ErrorKind;
  readonly status: number;
  readonly retryAfterMs: number | undefined;
  readonly details: Record<string, unknown> | undefined;

  constructor(code: ErrorCode, message: string, options: CollectorErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'CollectorError';
    this.code = code;
    this.kind = options.kind ?? ERRORS[code].kind;
    this.status = options.status ?? ERRORS[code].status;
    this.retryAfterMs = options.retryAfterMs;
    this.details = options.details;
  }
}
