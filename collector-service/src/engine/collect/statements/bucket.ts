import type { Pool } from 'pg';

/** Requests per second at full speed, tokens the bucket holds, the slowest rate, and how much of the rate comes back per second. */
const FULL_RATE = 10;
const BURST = 10;
const SLOWEST_RATE = 0.2;
const RECOVERY_PER_SECOND = 0.05;

/**
 * What the bucket holds now: filled since the last change in time that runs `timeFactor` times as fast. While Amazon wants to be left
 * alone nothing comes back: a debt in tokens would be paid off faster than asked, because the rate recovers meanwhile.
 */
const ELAPSED = `greatest(0, extract(epoch FROM clock_timestamp() - greatest(bucket_at, bucket_rests_until))) * $2::float8`;
const REST_MS = `greatest(0, coalesce(extract(epoch FROM bucket_rests_until - clock_timestamp()), 0)) * 1000`;
const RATE = `least(${FULL_RATE}, bucket_rate + ${RECOVERY_PER_SECOND} * ${ELAPSED})`;
const TOKENS = `least(${BURST}, bucket_tokens + bucket_rate * ${ELAPSED})`;

/** Takes a token, on credit if there is none, and returns how long to wait for it in milliseconds of real time. One statement, one row lock. */
export async function takeToken(pool: Pool, connectionId: string, timeFactor: number): Promise<number> {
  const { rows } = await pool.query<{ waitMs: number }>(
    `UPDATE connections SET bucket_tokens = ${TOKENS} - 1, bucket_rate = ${RATE}, bucket_at = clock_timestamp()
     WHERE id = $1
     RETURNING (${REST_MS} + greatest(0, -bucket_tokens) / bucket_rate / $2::float8 * 1000)::float8 AS "waitMs"`,
    [connectionId, timeFactor],
  );
  return rows[0]?.waitMs ?? 0;
}

/** Amazon complained: half the rate, an empty bucket, and no request for as long as it told us to stay away. */
export async function slowDown(pool: Pool, connectionId: string, timeFactor: number, retryAfterMs: number): Promise<void> {
  await pool.query(
    `UPDATE connections SET
       bucket_rate = greatest(${SLOWEST_RATE}, ${RATE} / 2),
       bucket_tokens = least(0, ${TOKENS}),
       bucket_rests_until = greatest(bucket_rests_until, clock_timestamp() + $3::float8 * interval '1 ms'),
       bucket_at = clock_timestamp()
     WHERE id = $1`,
    [connectionId, timeFactor, retryAfterMs],
  );
}
