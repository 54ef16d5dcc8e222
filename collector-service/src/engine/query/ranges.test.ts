import { pino } from 'pino';
import { collectWeeks, type Collected } from '@amc-reports/test-support/sandbox/collected.ts';
import { startTestSandbox, type TestSandbox } from '@amc-reports/test-support/sandbox/fixture.ts';
import { openTruth, type Truth, type WeekTruth } from '@amc-reports/test-support/sandbox/truth.ts';
import { CollectorError } from '../../contract/error.ts';
import { metricQuerySchema, queryRequestSchema, type MetricQueryInput } from '../../contract/query.ts';
import { Catalogue } from '../../data/catalogue/catalogue.ts';
import { addDays, firstOfMonth, localDate, mondayOf, nextMonth, type IsoDate } from '../../ground/calendar/week.ts';
import { ask, createQueryCache, type MetricsResult } from './index.ts';

/**
 * What a panel shows against the sandbox's events in SQL, past everything that stands between: for people in eight zones, and the
 * ranges they pick. The instance reports in Los Angeles.
 */
const ZONE = 'America/Los_Angeles';
const NOW = new Date('2027-03-17T16:20:00Z');
const FIRST = '2026-09-28';
const LAST = '2027-03-08';
const BROWSERS = [
  'UTC',
  'America/Los_Angeles',
  'America/New_York',
  'Europe/Berlin',
  'Asia/Kolkata',
  'Asia/Tokyo',
  'Pacific/Auckland',
  'Pacific/Honolulu',
];
/** First and last day, as a date picker has them. */
const PICKED: [name: string, from: IsoDate, to: IsoDate][] = [
  ['a day', '2026-12-09', '2026-12-09'],
  ['Monday to Sunday', '2026-11-02', '2026-11-08'],
  ['Sunday to Saturday', '2026-11-08', '2026-11-14'],
  ['a month', '2026-10-01', '2026-10-31'],
  ['a quarter', '2026-10-01', '2026-12-31'],
  ['some odd days', '2026-12-02', '2027-01-13'],
  ['the week in which daylight saving ends', '2026-10-26', '2026-11-01'],
  ['the week in which daylight saving begins', '2027-03-08', '2027-03-14'],
  ['the end of a year with a week 53', '2026-12-28', '2027-01-03'],
  ['now-1w/w where weeks begin on Monday', '2027-03-08', '2027-03-14'],
  ['now-1w/w where weeks begin on Sunday', '2027-03-07', '2027-03-13'],
];
/** Ranges that end now; the days that begin in them, in every zone at this hour of the day. */
const RELATIVE: [name: string, days: number][] = [
  ['the last 7 days', 7],
  ['the last 28 days', 28],
];
const GRAINS = ['total', 'day', 'week', 'month'] as const;

let sandbox: TestSandbox;
let truth: Truth;
let collected: Collected;
beforeAll(async () => {
  sandbox = await startTestSandbox({ now: () => NOW, historyDays: 180 });
  truth = openTruth(sandbox.adminUrl, sandbox.databaseName);
  collected = await collectWeeks(sandbox, ZONE, FIRST, LAST);
});
afterAll(async () => {
  await collected.close();
  await truth.close();
  await sandbox.stop();
});

/** The first instant of a local day. */
function startOfDay(date: IsoDate, zone: string): number {
  for (let ms = Date.parse(date) - 15 * 3_600_000; ; ms += 900_000) if (localDate(new Date(ms), zone) === date) return ms;
}

async function answer(query: MetricQueryInput, from: number, to: number, timeZone: string): Promise<MetricsResult> {
  const scope = {
    workspaceId: '1',
    instances: [{ id: collected.instanceId, amcInstanceId: 'amcsandbox1', name: 'Sandbox', timeZone: ZONE }],
  };
  const context = {
    store: collected.fixture.store,
    catalogue: new Catalogue([collected.dataset]),
    cache: createQueryCache(),
    clock: () => NOW,
    logger: pino({ level: 'silent' }),
    signal: AbortSignal.timeout(60_000),
    scope,
  };
  const request = queryRequestSchema.parse({ from, to, timeZone, queries: [metricQuerySchema.parse(query)] });
  const result = (await ask(context, request)).get('A');
  if (result instanceof CollectorError || result?.kind !== 'metrics') throw result ?? new Error('no answer');
  return result;
}

/** Half-open spans that an answer of the grain has: whole buckets within the days. */
function spansOf(grain: (typeof GRAINS)[number], from: IsoDate, to: IsoDate): { start: IsoDate; end: IsoDate }[] {
  const end = addDays(to, 1);
  if (grain === 'total') return [{ start: from, end }];
  const spans: { start: IsoDate; end: IsoDate }[] = [];
  const first = { day: from, week: mondayOf(from), month: firstOfMonth(from) }[grain];
  for (let start = first; start < end;) {
    const next = grain === 'month' ? nextMonth(start) : addDays(start, grain === 'week' ? 7 : 1);
    if (start >= from && next <= end) spans.push({ start, end: next });
    start = next;
  }
  return spans;
}

const expected = new Map<string, WeekTruth[]>();
async function truthOf(spans: { start: IsoDate; end: IsoDate }[]): Promise<WeekTruth[]> {
  const key = JSON.stringify(spans);
  const known =
    expected.get(key) ??
    (spans.length === 0
      ? []
      : await truth.weeks({ instanceId: 'amcsandbox1', timeZone: ZONE, fromWeek: '', toWeek: '', windows: spans, asOf: NOW }));
  expected.set(key, known);
  return known;
}

/** 'start currency' to a number, without zeros. */
function byCurrency(result: MetricsResult, metric: string): Record<string, number> {
  const values: Record<string, number> = {};
  for (const row of result.rows)
    result.columns.forEach((column, index) => {
      const value = row.values[index];
      if (column.metric.name === metric && value) values[`${row.bucket ?? 'total'} ${column.currency ?? ''}`.trim()] = value;
    });
  return values;
}

function expectedBy(
  weeks: readonly WeekTruth[],
  grain: string,
  field: 'spend' | 'sales' | 'clicks' | 'impressions',
): Record<string, number> {
  const values: Record<string, number> = {};
  for (const week of weeks) {
    const money = field === 'spend' || field === 'sales';
    const key = `${grain === 'total' ? 'total' : week.week} ${money ? week.currency : ''}`.trim();
    const value = (values[key] ?? 0) + Number(week[field]);
    if (value !== 0) values[key] = value;
  }
  return values;
}

const near = (values: Record<string, number>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, expect.closeTo(value, 6)]));

describe.each(GRAINS)('by %s', (grain) => {
  test.each(PICKED)('%s (%s to %s) is the same numbers in eight zones, and those of the events', async (_name, from, to) => {
    const weeks = await truthOf(spansOf(grain, from, to));
    for (const zone of BROWSERS) {
      const result = await answer(
        { metrics: ['spend', 'clicks', 'impressions'], grain, format: 'table' },
        startOfDay(from, zone),
        startOfDay(addDays(to, 1), zone) - 1,
        zone,
      );
      expect([zone, byCurrency(result, 'spend')]).toEqual([zone, near(expectedBy(weeks, grain, 'spend'))]);
      expect([zone, byCurrency(result, 'clicks')]).toEqual([zone, near(expectedBy(weeks, grain, 'clicks'))]);
      expect([zone, byCurrency(result, 'impressions')]).toEqual([zone, near(expectedBy(weeks, grain, 'impressions'))]);
      expect([zone, result.covers]).toEqual([zone, coversOf(spansOf(grain, from, to))]);
    }
  });

  test.each(RELATIVE)('%s are the days that begin in them and are collected', async (_name, days) => {
    for (const zone of BROWSERS) {
      const last = localDate(NOW, zone);
      const collectedTo = addDays(LAST, 6);
      const spans = spansOf(grain, addDays(last, 1 - days), last < collectedTo ? last : collectedTo);
      const result = await answer({ metrics: ['spend'], grain, format: 'table' }, NOW.getTime() - days * 86_400_000, NOW.getTime(), zone);
      expect([zone, byCurrency(result, 'spend')]).toEqual([zone, near(expectedBy(await truthOf(spans), grain, 'spend'))]);
    }
  });
});

const coversOf = (spans: { start: IsoDate; end: IsoDate }[]) =>
  spans.length === 0 ? null : { from: spans[0]!.start, to: addDays(spans.at(-1)!.end, -1) };

describe('a breakdown', () => {
  test.each(['ad_product', 'advertiser', 'campaign'])(
    'by %s over odd days adds up to the events with what is hidden',
    async (dimension) => {
      const [from, to] = [startOfDay('2026-12-02', 'Asia/Tokyo'), startOfDay('2027-01-14', 'Asia/Tokyo')];
      const weeks = await truthOf([{ start: '2026-12-02', end: '2027-01-14' }]);
      const result = await answer(
        { metrics: ['spend', 'sales'], dimensions: [dimension], grain: 'total', format: 'table' },
        from,
        to,
        'Asia/Tokyo',
      );
      for (const [index, column] of result.columns.entries()) {
        const shown = result.rows.reduce((sum, row) => sum + (row.values[index] ?? 0), 0);
        const field = column.metric.name as 'spend' | 'sales';
        const whole = weeks.filter(({ currency }) => currency === column.currency).reduce((sum, week) => sum + Number(week[field]), 0);
        // Of the five days around whole weeks, what has no day is in no row.
        expect([column.title, shown / whole]).toEqual([column.title, expect.closeTo(1, 1)]);
        expect(shown).toBeLessThanOrEqual(whole + 1e-6);
        expect(1 - shown / whole).toBeLessThanOrEqual(result.freshness.suppressedShare! + 0.02);
      }
      expect(result.rows.at(-1)!.group).toEqual(['(suppressed)']);
    },
  );
});

/** Each advertiser of the sandbox accounts in one currency: three in dollars, one in euros. */
describe.each(['USD', 'EUR'])('with %s chosen', (currency) => {
  const METRICS = ['spend', 'sales', 'impressions', 'clicks', 'purchases', 'units', 'ntb_purchases', 'detail_page_views', 'add_to_carts'];
  const filters = [{ dimension: 'currency', operator: '=' as const, values: [currency] }];
  const sumsOf = (weeks: readonly WeekTruth[]): Record<string, number> =>
    Object.fromEntries(
      METRICS.map((name) => [
        name,
        weeks.filter((week) => week.currency === currency).reduce((sum, week) => sum + Number(week[name as 'clicks']), 0),
      ]),
    );
  const shownIn = (result: MetricsResult, period: 'current' | 'previous' = 'current'): Record<string, number> =>
    Object.fromEntries(
      result.columns.flatMap((column, index) =>
        column.period === period ? [[column.metric.name, result.rows.reduce((sum, row) => sum + (row.values[index] ?? 0), 0)]] : [],
      ),
    );
  const ask = (query: MetricQueryInput, from: IsoDate, to: IsoDate) =>
    answer({ metrics: METRICS, filters, format: 'table', grain: 'total', ...query }, startOfDay(from, ZONE), startOfDay(to, ZONE), ZONE);

  test.each([
    ['a week', '2026-11-02', '2026-11-09'],
    ['twelve weeks', '2026-11-02', '2027-01-25'],
  ])('counts of %s are those of its advertisers, in total and in every breakdown', async (_name, from, to) => {
    const expected = near(sumsOf(await truthOf([{ start: from, end: to }])));
    expect(shownIn(await ask({}, from, to))).toEqual(expected);
    for (const dimension of ['advertiser', 'ad_product', 'campaign'])
      expect([dimension, shownIn(await ask({ dimensions: [dimension] }, from, to))]).toEqual([dimension, expected]);
    const advertisers = (await ask({ dimensions: ['advertiser'] }, from, to)).rows.map(({ group }) => group[0]);
    expect(advertisers.filter((name) => name !== '(suppressed)').sort()).toEqual(
      currency === 'EUR' ? ['Bärenfels Küche GmbH'] : ['Kestrel Outdoor', 'Luma Home & Kitchen', 'Northwind Toys, Inc.'],
    );
  });

  test.each(PICKED)('over %s (%s to %s) no more is missing than the answer says', async (_name, from, to) => {
    const expected = sumsOf(await truthOf([{ start: from, end: addDays(to, 1) }]));
    const result = await ask({}, from, addDays(to, 1));
    // Of rarer numbers a day has so few that one is more than the week's share.
    for (const name of ['spend', 'impressions', 'clicks']) {
      const shown = shownIn(result)[name]!;
      expect([name, shown <= expected[name]! + 1e-6]).toEqual([name, true]);
      expect([name, 1 - shown / expected[name]! <= (result.freshness.suppressedShare ?? 0) + 0.02]).toEqual([name, true]);
    }
  });

  it('compares with the same advertisers in the period before', async () => {
    const result = await ask({ compare: 'previous_period' }, '2026-11-23', '2026-12-21');
    expect(shownIn(result)).toEqual(near(sumsOf(await truthOf([{ start: '2026-11-23', end: '2026-12-21' }]))));
    expect(shownIn(result, 'previous')).toEqual(near(sumsOf(await truthOf([{ start: '2026-10-26', end: '2026-11-23' }]))));
  });

  it('says what is hidden of them, which another way of counting finds too', async () => {
    const [from, to] = ['2026-11-02', '2027-01-25'];
    const whole = sumsOf(await truthOf([{ start: from, end: to }]));
    const result = await ask({ dimensions: ['campaign'], rest: 'hide' }, from, to);
    const hidden = Object.entries(shownIn(result)).map(([name, shown]) => 1 - shown / whole[name]!);
    expect(result.freshness.suppressedShare).toBeCloseTo(Math.max(...hidden), 6);
    expect(result.freshness.suppressedShare).toBeGreaterThan(0.001);
  });
});

describe('without a currency chosen', () => {
  it('the top five campaigns are five of each currency, those of its advertisers', async () => {
    const range = [startOfDay('2026-11-02', ZONE), startOfDay('2027-01-25', ZONE), ZONE] as const;
    const top = async (query: MetricQueryInput) =>
      (
        await answer(
          { metrics: ['spend', 'clicks'], dimensions: ['campaign'], format: 'table', rest: 'hide', limit: 5, ...query },
          ...range,
        )
      ).rows.map(({ group }) => group[0]);
    const chosen = (currency: string) => ({ filters: [{ dimension: 'currency', operator: '=' as const, values: [currency] }] });
    for (const by of ['spend', 'clicks']) {
      const both = await top({ orderBy: { by } });
      expect(both).toHaveLength(10);
      expect(both).toEqual([...(await top({ orderBy: { by }, ...chosen('USD') })), ...(await top({ orderBy: { by }, ...chosen('EUR') }))]);
    }
  });
});

describe('what a query makes of the numbers', () => {
  const [FROM, TO] = ['2026-11-02', '2027-01-25'];
  const inDollars = { filters: [{ dimension: 'currency', operator: '=' as const, values: ['USD'] }] };
  const ask = (query: MetricQueryInput) => answer({ ...inDollars, ...query }, startOfDay(FROM, ZONE), startOfDay(TO, ZONE), ZONE);
  const weekly = async () => (await truthOf(spansOf('week', FROM, addDays(TO, -1)))).filter(({ currency }) => currency === 'USD');
  const valuesIn = (result: MetricsResult): (number | null | undefined)[] => result.rows.map(({ values }) => values[0]);

  it('others, the top and what is hidden add up to the events', async () => {
    const query = { metrics: ['clicks'], dimensions: ['campaign'], format: 'table' as const, limit: 5, others: true };
    const result = await ask(query);
    expect(result.rows.map(({ group }) => group[0]).slice(5)).toEqual(['Others', '(suppressed)']);
    const clicks = (await weekly()).reduce((sum, week) => sum + week.clicks, 0);
    expect(valuesIn(result).reduce<number>((sum, value) => sum + (value ?? 0), 0)).toBe(clicks);
    const shares = valuesIn(await ask({ ...query, transform: 'share' }));
    expect(shares).toEqual(valuesIn(result).map((value) => expect.closeTo(value! / clicks, 12)));
  });

  it('averages and running totals are those of the events', async () => {
    const weeks = await weekly();
    const average = valuesIn(await ask({ metrics: ['spend'], grain: 'week', transform: 'moving_average', movingAverage: { points: 4 } }));
    const ratio = valuesIn(await ask({ metrics: ['roas'], grain: 'week', transform: 'moving_average', movingAverage: { points: 4 } }));
    const total = valuesIn(await ask({ metrics: ['purchases'], grain: 'week', transform: 'cumulative' }));
    const over = (field: 'spend' | 'sales', at: number) => weeks.slice(at - 3, at + 1).reduce((sum, week) => sum + Number(week[field]), 0);
    let purchases = 0;
    for (const [at, week] of weeks.entries()) {
      purchases += week.purchases;
      expect(total[at]).toBe(purchases);
      expect(average[at]).toEqual(at < 3 ? null : expect.closeTo(over('spend', at) / 4, 6));
      expect(ratio[at]).toEqual(at < 3 ? null : expect.closeTo(over('sales', at) / over('spend', at), 6));
    }
  });

  it('calculated metrics and filters on metrics are those of the events', async () => {
    const weeks = await weekly();
    const orders = { name: 'order_value', expression: '(sales - ntb_sales) / (purchases - ntb_purchases)' };
    const result = await ask({
      calculated: [orders],
      grain: 'week',
      format: 'table',
      metricFilters: [{ metric: 'order_value', operator: '>', value: 0 }],
    });
    const expected = weeks.map((week) => (Number(week.sales) - Number(week.ntb_sales)) / (week.purchases - week.ntb_purchases));
    expect(valuesIn(result)).toEqual(expected.map((value) => expect.closeTo(value, 6)));
    const middle = [...expected].sort((a, b) => a - b)[6]!;
    const above = await ask({
      calculated: [orders],
      grain: 'week',
      format: 'table',
      metricFilters: [{ metric: 'order_value', operator: '>', value: middle + 1e-6 }],
    });
    expect(above.rows).toHaveLength(expected.filter((value) => value > middle + 1e-6).length);
  });

  it('what is hidden is told of what a filter leaves, where a coarser level knows it', async () => {
    for (const value of ['Amazon DSP', 'Sponsored Products']) {
      const filters = [{ dimension: 'ad_product', operator: '=' as const, values: [value] }];
      const sumOf = async (query: MetricQueryInput) =>
        valuesIn(await ask({ metrics: ['purchases'], format: 'table', filters, ...query })).reduce<number>(
          (sum, each) => sum + (each ?? 0),
          0,
        );
      const [whole, shown] = [await sumOf({ dimensions: ['ad_product'] }), await sumOf({ dimensions: ['campaign'] })];
      const { freshness } = await ask({ metrics: ['purchases'], format: 'table', dimensions: ['campaign'], filters });
      expect(freshness.suppressedShare).toBeCloseTo(1 - shown / whole, 9);
      expect(freshness.suppressedShare).toBeGreaterThan(0);
    }
  });
});
