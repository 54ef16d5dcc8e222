import { CollectorError } from '../../contract/error.ts';
import type { RateLimit, RateLimits } from './deps.ts';

/**
 * A dashboard of 20 panels asks 20 times at once, and several people share a token: reads are generous. Actions cost money at Amazon: few.
 */
export const DEFAULT_LIMITS: RateLimits = {
  read: { burst: 200, perSecond: 50 },
  query: { burst: 400, perSecond: 100 },
  write: { burst: 20, perSecond: 0.5 },
};

/** Buckets kept before the full ones are forgotten: a flood of names must not fill the memory. */
const MAX_BUCKETS = 10_000;

interface Bucket {
  tokens: number;
  at: number;
}

/** What all persons behind one token may do together: a dashboard's audience, not a crowd. */
const TOKEN_SHARE = 5;
export const forWholeToken = ({ burst, perSecond }: RateLimit): RateLimit => ({
  burst: burst * TOKEN_SHARE,
  perSecond: perSecond * TOKEN_SHARE,
});

export const tooManyRequests = (retryAfterMs: number) =>
  new CollectorError('rate_limited', `Too many requests. Try again in ${Math.max(1, Math.ceil(retryAfterMs / 1000))} seconds.`, {
    retryAfterMs,
  });

/** One token bucket per key, in this process. `now` in milliseconds, monotonic. */
export function createRateLimiter(limit: RateLimit, now: () => number = () => performance.now()) {
  const buckets = new Map<string, Bucket>();
  const level = (bucket: Bucket) => Math.min(limit.burst, bucket.tokens + ((now() - bucket.at) / 1000) * limit.perSecond);

  const forgetFull = () => {
    for (const [key, bucket] of buckets) if (level(bucket) >= limit.burst) buckets.delete(key);
  };

  /** Takes one request. @throws CollectorError rate_limited with the time to wait */
  return function take(key: string): void {
    const bucket = buckets.get(key) ?? { tokens: limit.burst, at: now() };
    const tokens = level(bucket);
    if (tokens < 1) {
      throw tooManyRequests(((1 - tokens) / limit.perSecond) * 1000);
    }
    if (buckets.size >= MAX_BUCKETS) forgetFull();
    buckets.set(key, { tokens: tokens - 1, at: now() });
  };
}
