/**
 * What keeps the requests of all processes below Amazon's unpublished limits. The token bucket itself lives in the database
 * (collect/); here is only where it is asked.
 */
export interface RequestLimiter {
  /** Resolves when a request may be sent; rejects with the signal's reason when that comes first. */
  acquire(signal: AbortSignal): Promise<void>;
  /** Amazon answered 429, with or without saying how long to wait. */
  throttled(retryAfterMs?: number): Promise<void>;
}

export const UNLIMITED: RequestLimiter = { acquire: async () => {}, throttled: async () => {} };
