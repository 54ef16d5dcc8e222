import type pg from 'pg';
import type { IsoDate } from '@amc-reports/collector-service/ground/calendar/week.ts';
import { planDay } from './plan.ts';

/** Raised when the events of a day or their tables change, so that a database of an older sandbox is made anew. */
export const GENERATOR_VERSION = 4;

/** Local hours of a day by how much people shop in them: 64 slots, so that six random bits choose one. */
const HOURS = [24, 8, 5, 4, 4, 6, 12, 20, 30, 36, 40, 43, 44, 42, 40, 41, 44, 48, 54, 60, 64, 62, 50, 36];
const HOUR_SLOTS: readonly number[] = (() => {
  const total = HOURS.reduce((sum, weight) => sum + weight, 0);
  const slots: number[] = [];
  let reached = 0;
  HOURS.forEach((weight, hour) => {
    reached += weight;
    while (slots.length < Math.round((64 * reached) / total)) slots.push(hour);
  });
  return slots;
})();

const INSERT_PLAN = `
  INSERT INTO sandbox.plan
  SELECT * FROM unnest($1::date[], $2::smallint[], $3::bigint[], $4::int[], $5::int[], $6::int[], $7::int[], $8::int[], $9::int[])`;

/**
 * Expands a day's plan into rows: one for each user, campaign and hour. Every value is cut from two 64-bit hashes of
 * (line seed, row number), so that a day is the same whenever and in whatever order it is made. OFFSET 0 keeps the
 * planner from evaluating the hash once per use. People skew towards few (fraction squared), each advertiser having
 * other favourites among the same people; the German advertiser has its own.
 */
const insertTraffic = (table: string, condition: string, costPer: string): string => `
  INSERT INTO ${table} (hour, draw, user_id, cost, campaign, impressions, clicks)
  SELECT day + make_interval(hours => (slots[1 + ((h >> 16) & 63)] + utc_shift) % 24), draw,
    CASE WHEN ((h >> 48) & 255) >= 10 THEN
      first_user + (floor(users * ((h & 65535) / 65536.0::float8) ^ 2)::bigint + advertiser_key * users / 7) % users END,
    ${costPer} * round(cost * (0.75 + ((h >> 56) & 255) / 512.0::float8))::bigint,
    campaign, impressions, clicks
  FROM (
    SELECT *, CASE WHEN ((h >> 32) & 65535) < click_rate THEN 1 + (((draw >> 40) & 15) = 0)::int ELSE 0 END AS clicks,
      1 + floor(18 * (((h >> 22) & 63) / 64.0::float8) ^ 2)::int AS impressions
    FROM (
      SELECT p.day, p.campaign, p.click_rate, p.cost, c.advertiser_key, $2::int[] AS slots,
        CASE WHEN c.currency = 'EUR' THEN 23 ELSE 8 END AS utc_shift,
        CASE WHEN c.currency = 'EUR' THEN 18000 ELSE 60000 END AS users,
        CASE WHEN c.currency = 'EUR' THEN 9000000000000100000 ELSE 9000000000000000000 END AS first_user,
        hashint8extended(i, p.seed) AS h, hashint8extended(i + 1000000, p.seed) AS draw
      FROM sandbox.plan p JOIN sandbox.campaign c ON c.key = p.campaign, generate_series(1::bigint, p.rows) i
      WHERE p.day = ANY ($1::date[]) AND ${condition}
      OFFSET 0
    ) hashed
    OFFSET 0
  ) rows`;

/** Sponsored ads pay for clicks (cents to microcents), DSP for impressions (millicents). */
const INSERT_SPONSORED = insertTraffic('sandbox.sponsored_traffic', `c.product <> 'amazon_dsp'`, 'clicks * 1000000');
const INSERT_DSP = insertTraffic('sandbox.dsp_traffic', `c.product = 'amazon_dsp'`, 'impressions');

/**
 * What people did after the ad: after a click they look (62 %), add to the cart (22 %) or buy (the line's rate); one in
 * sixteen of those who only saw it gets a small chance. The delay after the ad is 14 days times a fraction to the sixth
 * (half within five hours, a tail to the end of the attribution window); reporting takes another 3 to 48 hours;
 * one purchase in forty is taken back 28 days later.
 */
const INSERT_CONVERSIONS = `
  INSERT INTO sandbox.conversion
  SELECT hour, converted_at, converted_at + interval '3 hours' + interval '45 hours' * (((g >> 52) & 63) / 64.0::float8) ^ 2,
    CASE WHEN kind = 1 AND ((g >> 58) & 31) = 0 AND (draw & 7) < 6 THEN converted_at + interval '28 days' END,
    draw, user_id,
    CASE WHEN kind = 1 THEN units * round(order_cents * (0.6 + 0.8 * ((g >> 32) & 255) / 256.0::float8))::int ELSE 0 END,
    campaign, kind, units, clicked, (draw >> 32) & 3 = 0, kind = 1 AND ((g >> 44) & 255) < new_to_brand
  FROM (
    SELECT *, hour + interval '14 days' * (((g >> 16) & 65535) / 65536.0::float8) ^ 6 AS converted_at,
      CASE WHEN kind = 1 THEN 1 + (((g >> 40) & 7) = 0)::int + (((g >> 40) & 15) = 8)::int ELSE 0 END AS units
    FROM (
      SELECT t.hour, t.draw, t.user_id, t.campaign, t.clicks > 0 AS clicked, p.order_cents, p.new_to_brand, k.kind,
        CASE k.kind WHEN 1 THEN p.purchase_rate WHEN 2 THEN p.purchase_rate * 1.2 ELSE p.purchase_rate * 3.2 END
          * CASE WHEN t.clicks > 0 THEN 1 ELSE 0.16 END AS rate,
        hashint8extended(k.kind, t.draw) AS g
      FROM (
        SELECT * FROM sandbox.sponsored_traffic WHERE hour >= $1 AND hour < $2
        UNION ALL
        SELECT * FROM sandbox.dsp_traffic WHERE hour >= $1 AND hour < $2
      ) t
      JOIN sandbox.plan p ON p.day = t.hour::date AND p.campaign = t.campaign
      CROSS JOIN (VALUES (1), (2), (3)) k(kind)
      WHERE t.clicks > 0 OR ((t.draw >> 12) & 15) = 0
      OFFSET 0
    ) drawn
    WHERE (g & 65535) < rate
    OFFSET 0
  ) converted`;

/** Makes whole UTC days that are not there yet, consecutive ones, all or none of them. */
export async function generateDays(client: pg.ClientBase, seed: number, days: IsoDate[]): Promise<void> {
  const first = days[0];
  const last = days.at(-1);
  if (first === undefined || last === undefined) return;
  const lines = days.flatMap((day) => planDay(seed, day));
  await client.query('BEGIN');
  try {
    await client.query(INSERT_PLAN, [
      lines.map((line) => line.day),
      lines.map((line) => line.campaign),
      lines.map((line) => String(line.seed)),
      lines.map((line) => line.rows),
      lines.map((line) => line.clickRate),
      lines.map((line) => line.purchaseRate),
      lines.map((line) => line.cost),
      lines.map((line) => line.orderCents),
      lines.map((line) => line.newToBrand),
    ]);
    await client.query(INSERT_SPONSORED, [days, HOUR_SLOTS]);
    await client.query(INSERT_DSP, [days, HOUR_SLOTS]);
    await client.query(INSERT_CONVERSIONS, [`${first} 00:00`, `${last} 24:00`]);
    await client.query('INSERT INTO sandbox.loaded_day SELECT unnest($1::date[])', [days]);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
}
