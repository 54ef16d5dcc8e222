import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';
import type { RequestLimiter } from '../../data/amc/limiter.ts';
import { slowDown, takeToken } from './statements/bucket.ts';

export interface ThrottleOptions {
  /** Makes the bucket fill faster, as every other duration; 1 unless told. What Retry-After says is never scaled. */
  timeFactor?: number;
}

/**
 * The request limiter of one connection (the AMC client asks it before every request). The token bucket is a row, so all processes
 * share it: 10 requests a second with bursts of 10 until Amazon complains, half as fast after each 429, back to full speed within
 * a few minutes. Requests queue by taking a token on credit, so a caller sleeps once and is served in order.
 */
export function connectionLimiter(pool: Pool, connectionId: string, { timeFactor = 1 }: ThrottleOptions = {}): RequestLimiter {
  return {
    async acquire(signal) {
      signal.throwIfAborted();
      const waitMs = await takeToken(pool, connectionId, timeFactor);
      if (waitMs > 0) await sleep(waitMs, undefined, { signal });
    },
    throttled: (retryAfterMs) => slowDown(pool, connectionId, timeFactor, retryAfterMs ?? 0),
  };
}
