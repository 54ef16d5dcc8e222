import type pg from 'pg';
import { addDays, addMonths, type IsoDate } from '@amc-reports/collector-service/ground/calendar/week.ts';
import { utcDay } from './day.ts';
import { generateDays } from './generate.ts';
import { EVENT_INDEXES } from './schema.ts';

/** Amazon keeps 13 months; two days more, since a day of an advertiser's zone starts in the UTC day before. */
export function firstDayOfHistory(now: Date, historyDays?: number): IsoDate {
  if (historyDays !== undefined) return addDays(utcDay(now), -historyDays);
  return addDays(addMonths(utcDay(now), -13), -2);
}

/** Small enough to show progress and to leave little undone when stopped, large enough not to matter. */
const CHUNK_DAYS = 28;

/**
 * Makes the days between the start of history and today that are missing; days that are there are never touched.
 * Two connections share the work, as PostgreSQL uses one core for each.
 */
export async function loadMissingDays(
  pool: pg.Pool,
  options: { seed: number; now: Date; historyDays?: number },
): Promise<{ days: number; milliseconds: number }> {
  const started = performance.now();
  const present = new Set((await pool.query<{ day: string }>('SELECT day::text FROM sandbox.loaded_day')).rows.map((row) => row.day));
  const missing: IsoDate[] = [];
  const today = utcDay(options.now);
  for (let day = firstDayOfHistory(options.now, options.historyDays); day <= today; day = addDays(day, 1)) {
    if (!present.has(day)) missing.push(day);
  }
  if (missing.length === 0) return { days: 0, milliseconds: 0 };

  const chunks = consecutive(missing);
  await Promise.all(
    [1, 2].map(async () => {
      const client = await pool.connect();
      try {
        for (let chunk = chunks.shift(); chunk; chunk = chunks.shift()) await generateDays(client, options.seed, chunk);
      } finally {
        client.release();
      }
    }),
  );
  await pool.query(EVENT_INDEXES);
  if (missing.length > 7) {
    await pool.query('ANALYZE sandbox.campaign, sandbox.plan, sandbox.sponsored_traffic, sandbox.dsp_traffic, sandbox.conversion');
  }
  return { days: missing.length, milliseconds: Math.round(performance.now() - started) };
}

/** Runs of neighbouring days, cut to chunks. */
function consecutive(days: IsoDate[]): IsoDate[][] {
  const chunks: IsoDate[][] = [];
  for (const day of days) {
    const current = chunks.at(-1);
    const previous = current?.at(-1);
    if (current && previous && current.length < CHUNK_DAYS && addDays(previous, 1) === day) current.push(day);
    else chunks.push([day]);
  }
  return chunks;
}
