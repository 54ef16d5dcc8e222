import type pg from 'pg';
import { newToken, startTestSandbox, TEST_NOW, type TestSandbox } from '@amc-reports/test-support/sandbox/fixture.ts';
import { openTruth } from '@amc-reports/test-support/sandbox/truth.ts';
import { dayNumber } from './day.ts';
import { incidentsBetween } from './incidents.ts';
import { planDay } from './plan.ts';

const DAY_MS = 86_400_000;
const later = (days: number): Date => new Date(TEST_NOW.getTime() + days * DAY_MS);

/** What each settled day holds, independent of the order in which rows were stored. */
const fingerprints = async (owner: pg.Pool, table: string, column: string): Promise<Map<string, string>> => {
  const { rows } = await owner.query<{ day: string; print: string }>(
    `SELECT ${column}::date::text AS day, count(*) || '/' || sum(hashtextextended(t::text, 0)) AS print FROM sandbox.${table} t GROUP BY 1`,
  );
  return new Map(rows.map((row) => [row.day, row.print]));
};
const TABLES = [
  ['sponsored_traffic', 'hour'],
  ['dsp_traffic', 'hour'],
  ['conversion', 'traffic_hour'],
] as const;

describe('a day', () => {
  let test: TestSandbox;
  let other: TestSandbox;
  beforeAll(async () => {
    test = await startTestSandbox({ historyDays: 20 });
    other = await startTestSandbox({ historyDays: 10, now: () => later(1) });
  });
  afterAll(async () => {
    await test.stop();
    await other.stop();
  });

  it('is the same whether made today or tomorrow, in a longer history or a shorter', async () => {
    for (const [table, column] of TABLES) {
      const today = await fingerprints(test.owner, table, column);
      const tomorrow = await fingerprints(other.owner, table, column);
      const shared = [...tomorrow].filter(([day]) => day >= '2026-03-11' && day <= '2026-03-20');
      expect(shared).toHaveLength(10);
      for (const [day, print] of shared) expect([table, day, print]).toEqual([table, day, today.get(day)]);
      expect(tomorrow.has('2026-03-21')).toBe(true);
      expect(today.has('2026-03-21')).toBe(false);
    }
  });

  it('stays as it is when the clock moves on and days are added', async () => {
    const before = await Promise.all(TABLES.map(([table, column]) => fingerprints(test.owner, table, column)));
    expect((await test.control('POST', '/clock', { advanceDays: 3 })).daysMade).toBe(3);
    for (const [index, [table, column]] of TABLES.entries()) {
      const after = await fingerprints(test.owner, table, column);
      for (const [day, print] of before[index] ?? []) expect(after.get(day)).toBe(print);
      expect(after.size).toBe((before[index]?.size ?? 0) + 3);
    }
  });

  it('is another with another seed', async () => {
    const one = planDay(1, '2026-03-10');
    const two = planDay(2, '2026-03-10');
    expect(one.map((line) => line.rows)).not.toEqual(two.map((line) => line.rows));
    expect(planDay(1, '2026-03-10')).toEqual(one);
  });

  it('is plausible: livelier on Black Friday, on weekends, in December', () => {
    const rows = (day: string): number => planDay(1, day).reduce((sum, line) => sum + line.rows, 0);
    expect(rows('2025-11-28') / rows('2025-11-14')).toBeGreaterThan(1.7);
    expect(rows('2025-07-08') / rows('2025-07-01')).toBeGreaterThan(1.7);
    expect(rows('2026-03-15')).toBeGreaterThan(rows('2026-03-17'));
    expect(rows('2025-12-10')).toBeGreaterThan(rows('2026-02-11'));
  });
});

describe('incidents', () => {
  it('return by the calendar, whatever part of it is looked at', () => {
    const year = incidentsBetween('2025-03-01', '2026-02-28');
    expect(new Set(year.map((incident) => incident.name)).size).toBe(7);
    const bidSpike = year.find((incident) => incident.name === 'bid_spike');
    if (!bidSpike) throw new Error('no bid spike in a year');
    const within = incidentsBetween(bidSpike.to, bidSpike.to).filter((incident) => incident.name === 'bid_spike');
    expect(within).toEqual([bidSpike]);
    expect(dayNumber(bidSpike.to) - dayNumber(bidSpike.from)).toBe(4);
  });

  it('show in the plan', () => {
    const spike = incidentsBetween('2025-03-01', '2026-02-28').find((incident) => incident.name === 'bid_spike');
    const cost = (day: string): number => planDay(1, day).find((line) => line.campaign === 1)?.cost ?? 0;
    const dayBefore = new Date(Date.parse(spike?.from ?? '') - DAY_MS).toISOString().slice(0, 10);
    expect(cost(spike?.from ?? '') / cost(dayBefore)).toBeGreaterThan(2);
  });
});

describe('what is known', () => {
  let test: TestSandbox;
  const sales = `SELECT 'x' AS x, SUM(total_purchases) AS purchases, SUM(total_product_sales) AS sales FROM amazon_attributed_events_by_traffic_time`;
  const ask = async (): Promise<[number, number]> => {
    const { rows } = await test.sql(sales, { from: '2026-03-09', to: '2026-03-16' });
    return [Number(rows[0]?.[1] ?? 0), Number(rows[0]?.[2] ?? 0)];
  };
  beforeAll(async () => {
    test = await startTestSandbox({ historyDays: 30 });
  });
  afterAll(() => test.stop());

  it('a week grows while conversions arrive, and is taken back a little after 28 days', async () => {
    const purchases: number[] = [];
    for (const days of [0, 4, 12, 30]) {
      await test.control('POST', '/clock', { advanceDays: days });
      test.token = await newToken(test.sandbox.url);
      purchases.push((await ask())[0]);
    }
    const [first = 0, second = 0, third = 0, last = 0] = purchases;
    expect(second).toBeGreaterThan(first);
    expect(third).toBeGreaterThan(second);
    expect(last).toBeLessThan(third);
    expect(last).toBeGreaterThan(third * 0.9);
  });

  it('the last 48 hours are incomplete, and older traffic does not change', async () => {
    const traffic = async (): Promise<Map<string, number>> => {
      const now = new Date((await test.control('GET', '/clock')).now as string);
      const day = (shift: number): string => new Date(now.getTime() + shift * DAY_MS).toISOString().slice(0, 10);
      const { rows } = await test.sql('SELECT event_date_utc, SUM(impressions) AS n FROM sponsored_ads_traffic GROUP BY 1', {
        from: day(-6),
        to: day(1),
      });
      return new Map(rows.map(([date = '', n]) => [date, Number(n)]));
    };
    const early = await traffic();
    await test.control('POST', '/clock', { advanceDays: 3 });
    test.token = await newToken(test.sandbox.url);
    const late = await traffic();
    const days = [...early.keys()].sort();
    for (const day of days.slice(3, -3)) expect(late.get(day)).toBe(early.get(day));
    const newest = days.at(-1) ?? '';
    expect(late.get(newest) ?? 0).toBeGreaterThan((early.get(newest) ?? 0) * 1.3);
  });

  it('the truth, computed past the SQL engine, agrees before and after', async () => {
    const truth = openTruth(test.adminUrl, test.databaseName);
    const asOf = new Date((await test.control('GET', '/clock')).now as string);
    const weeks = await truth.weeks({ instanceId: 'amcsandbox1', timeZone: 'UTC', fromWeek: '2026-03-09', toWeek: '2026-03-16', asOf });
    await truth.close();
    const [purchases, amount] = await ask();
    expect(purchases).toBe(weeks.reduce((sum, week) => sum + week.purchases, 0));
    expect(amount.toFixed(2)).toBe(weeks.reduce((sum, week) => sum + Number(week.sales), 0).toFixed(2));
  });
});

it('rows older than 13 months are gone', async () => {
  const test = await startTestSandbox({ historyDays: 400 + 10 });
  const { rows } = await test.sql('SELECT event_date_utc, SUM(impressions) AS n FROM sponsored_ads_traffic GROUP BY 1', {
    from: '2025-02-10',
    to: '2025-02-24',
  });
  const { rows: stored } = await test.owner.query(`SELECT min(hour)::date::text AS day FROM sandbox.sponsored_traffic`);
  await test.stop();
  expect(stored[0].day).toBe('2025-02-03');
  expect(rows.map(([day]) => day).sort()[0]).toBe('2025-02-20');
});
