import type pg from 'pg';
import type { RateLimit } from './deps.ts';
import { tooManyRequests } from './rate-limit.ts';

/** A full bucket that nobody uses is as good as none. */
const FORGET_AFTER = '1 day';
const FORGET_EVERY_MS = 3_600_000;

/**
 * One token bucket per key in the database, shared by all processes that answer HTTP: actions cost money at Amazon, and are few
 * enough for a row each. Reads and queries are counted in each process (rate-limit.ts): a write per query would cost more than it saves.
 */
export function createActionLimiter(pool: pg.Pool, limit: RateLimit) {
  let forgetAt = 0;

  /** Takes one action. @throws CollectorError rate_limited with the time to wait */
  return async function take(key: string): Promise<void> {
    if (performance.now() >= forgetAt) {
      forgetAt = performance.now() + FORGET_EVERY_MS;
      await forgetUnused(pool);
    }
    if (await takeToken(pool, key, limit)) return;
    throw tooManyRequests(await waitMs(pool, key, limit));
  };
}

const LEVEL = 'least($2::float8, b.tokens + extract(epoch FROM clock_timestamp() - b.filled_at)::float8 * $3::float8)';

/** Whether there was one to take. One statement and one row lock; a refused request changes nothing. */
async function takeToken(pool: pg.Pool, key: string, { burst, perSecond }: RateLimit): Promise<boolean> {
  const { rowCount } = await pool.query({
    text: `INSERT INTO request_buckets AS b (key, tokens, filled_at) VALUES ($1, $2::float8 - 1, clock_timestamp())
           ON CONFLICT (key) DO UPDATE SET tokens = ${LEVEL} - 1, filled_at = clock_timestamp() WHERE ${LEVEL} >= 1`,
    values: [key, burst, perSecond],
    ...DEADLINE,
  });
  return rowCount === 1;
}

/** Until the next token is there, in milliseconds. */
async function waitMs(pool: pg.Pool, key: string, { burst, perSecond }: RateLimit): Promise<number> {
  const { rows } = await pool.query<{ ms: number }>({
    text: `SELECT (greatest(0, 1 - ${LEVEL}) / $3::float8 * 1000)::float8 AS ms FROM request_buckets b WHERE key = $1`,
    values: [key, burst, perSecond],
    ...DEADLINE,
  });
  return rows[0]?.ms ?? 0;
}

const forgetUnused = (pool: pg.Pool) =>
  pool.query({ text: `DELETE FROM request_buckets WHERE filled_at < now() - interval '${FORGET_AFTER}'`, ...DEADLINE });

/** pg ends the wait itself; its types do not know the option. */
const DEADLINE = { query_timeout: 5_000 };
