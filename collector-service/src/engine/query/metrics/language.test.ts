import { UNKNOWN } from '../../../data/catalogue/tables.ts';
import type { MetricQueryInput } from '../../../contract/query.ts';
import { createWorld, daysOf, tableRows, valuesOf, type FactRow, type World } from '@amc-reports/test-support/query/query-fixture.ts';
import { addDays, mondays } from '../../../ground/calendar/week.ts';

/** What the query language adds to a plain question, in numbers that can be added up by hand. */
const [ONE, TWO] = ['One', 'Two'];
const WEEKS = mondays('2026-01-05', '2026-03-02');
const RANGE = ['2026-02-02', '2026-03-09'] as const;
/** Two weeks. */
const JANUARY = { from: '2026-01-05', to: '2026-01-18' };
let world: World;

const row = (week: string, campaign: string, currency: string, numbers: Record<string, number>): FactRow => ({
  source: campaign,
  day: week,
  advertiser: currency === 'EUR' ? 'Bär' : 'Acme',
  ad_product: 'sponsored_products',
  campaign_id: campaign,
  campaign,
  currency,
  ...numbers,
});

beforeAll(async () => {
  world = await createWorld({ [ONE]: 'UTC', [TWO]: 'UTC' });
  for (const name of [ONE, TWO]) await world.collect(name, 'campaign_performance', WEEKS[0]!, WEEKS.at(-1)!);
  for (const [index, week] of WEEKS.entries()) {
    // The fourth week of February is missing of the first instance.
    if (week !== '2026-02-23')
      await world.serve(ONE, 'campaign_performance', week, [
        row(week, 'Big', 'USD', { impressions: 1000, clicks: 100, sponsored_ads_spend: 50 + index, sales: 200, purchases: 10 }),
        row(week, 'Mid', 'USD', { impressions: 400, clicks: 20, sponsored_ads_spend: 20, sales: index === 8 ? 90 : 30, purchases: 2 }),
        row(week, 'Small', 'USD', { impressions: 100, clicks: 5, sponsored_ads_spend: 5, sales: 40, purchases: 1 }),
        row(week, 'Idle', 'USD', { impressions: 10, clicks: 0, sponsored_ads_spend: 0, sales: 0 }),
      ]);
    await world.serve(TWO, 'campaign_performance', week, [
      row(week, 'Groß', 'EUR', { impressions: 500, clicks: 50, sponsored_ads_spend: 40, sales: 80, purchases: 4 }),
      row(week, 'Klein', 'EUR', { impressions: 50, clicks: 10, sponsored_ads_spend: 4, sales: 40, purchases: 2 }),
      row(week, 'Big', 'USD', { impressions: 100, clicks: 10, sponsored_ads_spend: 10, sales: 10, purchases: 1 }),
      row(week, 'Klein', UNKNOWN, { detail_page_views: 7 }),
    ]);
  }
});
afterAll(() => world.close());

const frames = (query: MetricQueryInput, instances = [TWO], range: readonly [string, string] = RANGE) =>
  world.ask(query, range[0], range[1], { instances });
const table = async (query: MetricQueryInput, instances?: string[]) =>
  tableRows((await frames({ dimensions: ['campaign'], format: 'table', grain: 'total', ...query }, instances))[0]);
const refused = async (query: MetricQueryInput): Promise<string> =>
  (await world.askAll([query], ...RANGE, { instances: [TWO] })).results.A?.error ?? 'an answer';

describe('filters on metrics', () => {
  it('leave rows that pass, before the limit, by metrics that need not be shown', async () => {
    expect(
      (await table({ metrics: ['clicks'], metricFilters: [{ metric: 'clicks', operator: '>', value: 50 }] })).map(
        ({ campaign }) => campaign,
      ),
    ).toEqual(['Groß']);
    expect(
      (await table({ metrics: ['clicks'], metricFilters: [{ metric: 'clicks', operator: '>=', value: 50 }] })).map(
        ({ campaign }) => campaign,
      ),
    ).toEqual(['Groß', 'Big', 'Klein']);
    expect(
      (await table({ metrics: ['clicks'], limit: 1, metricFilters: [{ metric: 'roas', operator: '>', value: 5 }] })).map((each) => each),
    ).toEqual([{ campaign: 'Klein', clicks: 50 }]);
  });

  it('compare money within a currency, all filters in the same one', async () => {
    const both = { dimensions: ['ad_product'], metrics: ['spend'] };
    // In euros 220 spent and 600 sold, in dollars 50 and 50.
    const passes = async (...metricFilters: NonNullable<MetricQueryInput['metricFilters']>) =>
      (await table({ ...both, metricFilters })).length;
    expect(await passes({ metric: 'spend', operator: '<', value: 60 }, { metric: 'sales', operator: '<', value: 60 })).toBe(1);
    expect(await passes({ metric: 'spend', operator: '<', value: 60 }, { metric: 'sales', operator: '>', value: 500 })).toBe(0);
    expect(await passes({ metric: 'clicks', operator: '>', value: 349 }, { metric: 'sales', operator: '>', value: 500 })).toBe(1);
  });

  it('hold for a series by its total, for a number, and for rows of a table by week', async () => {
    const atLeast = (metric: string, value: number) => [{ metric, operator: '>=' as const, value }];
    const series = await frames({ metrics: ['clicks'], dimensions: ['campaign'], grain: 'week', metricFilters: atLeast('clicks', 250) });
    expect(valuesOf(series).map(({ labels, values }) => [labels.campaign, values])).toEqual([['Groß', [50, 50, 50, 50, 50]]]);
    expect((await frames({ metrics: ['clicks'], format: 'numeric', metricFilters: atLeast('clicks', 350) })).length).toBe(1);
    expect(valuesOf(await frames({ metrics: ['clicks'], format: 'numeric', metricFilters: atLeast('clicks', 351) }))).toEqual([]);
    const rows = await table({ metrics: ['sales'], grain: 'week', metricFilters: atLeast('sales', 90) }, [ONE]);
    expect(rows.filter(({ campaign }) => campaign === 'Mid')).toHaveLength(1);
  });

  it('show beside what passes only its own comparison', async () => {
    const metricFilters = [{ metric: 'clicks', operator: '>' as const, value: 50 }];
    expect(await table({ metrics: ['clicks'], metricFilters, compare: 'custom', compareTo: JANUARY })).toEqual([
      { campaign: 'Groß', clicks: 250, 'clicks (previous)': 100, 'clicks change': 1.5 },
    ]);
  });
});

type CalculatedInput = NonNullable<MetricQueryInput['calculated']>[number];

describe('calculated metrics', () => {
  const PLAIN: CalculatedInput = { name: 'x', expression: 'spend' };
  const margin = { name: 'margin', title: 'Margin', expression: '(sales - spend) / purchases', unit: 'currency' as const };

  it('are computed from sums in each currency, may be ordered and filtered by, and are empty where something is divided by zero', async () => {
    const rows = await table({ metrics: ['purchases'], calculated: [margin], orderBy: { by: 'margin' } }, [ONE]);
    expect(rows.map(({ campaign, 'margin USD': value }) => [campaign, value])).toEqual([
      // Four weeks of 35, of Big 800 less 50 + 4 … 8 of each, of Mid 180 less 80.
      ['Small', 140 / 4],
      ['Big', (800 - (54 + 55 + 56 + 58)) / 40],
      ['Mid', (3 * 30 + 90 - 80) / 8],
      ['Idle', null],
    ]);
    const some = await table({ calculated: [margin], metricFilters: [{ metric: 'margin', operator: '>', value: 14.4 }] }, [ONE]);
    expect(some.map(({ campaign }) => campaign)).toEqual(['Small', 'Big']);
    const euros = valuesOf(await frames({ calculated: [margin], format: 'numeric' }));
    expect(euros.map(({ labels, values }) => [labels.currency, values[0]])).toEqual([
      ['EUR', (600 - 220) / 30],
      ['USD', 0],
    ]);
  });

  it('stand where metrics name them, and are added like sums when they are made of sums', async () => {
    const net = { name: 'net', expression: 'sales - 2 * spend', unit: 'currency' as const };
    const series = valuesOf(
      await frames({
        metrics: ['net', 'clicks'],
        calculated: [net],
        grain: 'week',
        transform: 'cumulative',
        filters: [{ dimension: 'campaign', values: ['Groß'] }],
      }),
    );
    expect(series.map(({ name, values }) => [name, values])).toEqual([
      ['net', [0, 0, 0, 0, 0]],
      ['clicks', [50, 100, 150, 200, 250]],
    ]);
  });

  it.each<[string, Partial<CalculatedInput>, RegExp]>([
    ['money added to a count', { expression: 'spend + clicks' }, /'\+' at position 7 adds money to what is none/],
    ['an unknown name', { expression: 'spent * 2' }, /There is no metric 'spent'.*Did you mean 'spend'/],
    ['a name that is taken', { name: 'roas', expression: 'spend' }, /has the name of a metric/],
    ['no metric', { expression: '1 + 1' }, /names no metric/],
    ['a unit that it is not in', { expression: 'clicks', unit: 'currency' }, /is no amount of money/],
    ['what cannot be read', { expression: 'spend /' }, /the end where a metric.*Allowed are/],
  ])('are refused for %s', async (_what, calculated, words) => {
    expect(await refused({ calculated: [{ ...PLAIN, ...calculated }] })).toMatch(words);
  });
});

describe('others', () => {
  it('are what is beyond the limit, in one last row; sums and ratios of sums', async () => {
    expect(await table({ metrics: ['clicks', 'ctr', 'spend'], orderBy: { by: 'clicks' }, limit: 1, others: true }, [ONE])).toEqual([
      { campaign: 'Big', clicks: 400, ctr: 0.1, 'spend USD': 223 },
      { campaign: 'Others', clicks: 100, ctr: 100 / 2040, 'spend USD': 100 },
    ]);
    expect(await table({ metrics: ['clicks'], limit: 9, others: true }, [ONE])).toHaveLength(4);
  });

  it('keep currencies apart, and are compared', async () => {
    expect(await table({ metrics: ['spend'], limit: 1, others: true, compare: 'custom', compareTo: JANUARY })).toMatchObject([
      { campaign: 'Groß', 'spend EUR': 200, 'spend (previous) EUR': 80 },
      { campaign: 'Big', 'spend USD': 50, 'spend (previous) USD': 20 },
      { campaign: 'Others', 'spend EUR': 20, 'spend (previous) EUR': 8 },
    ]);
  });

  it('are a series of their own, and no row by week', async () => {
    const series = await frames({ metrics: ['clicks'], dimensions: ['campaign'], grain: 'week', limit: 1, others: true });
    expect(valuesOf(series).map(({ labels, values }) => [labels.campaign, values[0]])).toEqual([
      ['Groß', 50],
      ['Others', 20],
    ]);
    expect(
      await refused({ metrics: ['clicks'], dimensions: ['campaign'], grain: 'week', format: 'table', limit: 1, others: true }),
    ).toMatch(/Others are told of groups/);
  });
});

describe('transforms', () => {
  it('share: of all groups within a currency, whatever the limit leaves', async () => {
    const rows = await table({ metrics: ['spend'], transform: 'share', limit: 1 });
    expect(rows.map(({ campaign, 'spend EUR': euros, 'spend USD': dollars }) => [campaign, euros, dollars])).toEqual([
      ['Groß', 200 / 220, null],
      ['Big', null, 1],
    ]);
    const [frame] = await frames({ metrics: ['clicks'], dimensions: ['campaign'], format: 'table', grain: 'total', transform: 'share' });
    expect(frame?.schema.fields[1]?.config).toMatchObject({ displayNameFromDS: 'Clicks, share', unit: 'percentunit' });
    expect(await refused({ metrics: ['roas'], transform: 'share' })).toMatch(/needs numbers that can be added, and ROAS cannot/);
  });

  it('cumulative: added up over the buckets, and a missing week has no number', async () => {
    const [series] = await frames({ metrics: ['clicks'], grain: 'week', transform: 'cumulative' }, [ONE]);
    expect(daysOf(series)).toEqual(['2026-02-02', '2026-02-09', '2026-02-16', '2026-02-23', '2026-03-02']);
    expect(valuesOf([series!])[0]?.values).toEqual([125, 250, 375, null, 500]);
    expect(await refused({ metrics: ['clicks'], grain: 'total', format: 'table', transform: 'cumulative' })).toMatch(
      /goes over several days, weeks or months/,
    );
  });

  it('moving average: of sums their mean, of ratios the ratio of the sums, empty until there are enough', async () => {
    const query = {
      metrics: ['spend', 'roas'],
      grain: 'week' as const,
      transform: 'moving_average' as const,
      movingAverage: { points: 2 },
    };
    const series = valuesOf(
      await frames({ ...query, filters: [{ dimension: 'campaign', values: ['Mid'] }] }, [ONE], ['2026-02-02', '2026-03-09']),
    );
    expect(series.map(({ values }) => values)).toEqual([
      [null, 20, 20, null, null],
      [null, 1.5, 1.5, null, null],
    ]);
    const growing = valuesOf(await frames({ ...query, metrics: ['spend'] }, [ONE], ['2026-01-05', '2026-02-02']));
    expect(growing[0]?.values).toEqual([null, 75.5, 76.5, 77.5]);
  });

  it('in tables count the limit in groups, oldest first', async () => {
    const rows = await table({ metrics: ['clicks'], grain: 'week', transform: 'cumulative', limit: 1 });
    expect(rows.map(({ time, campaign, clicks }) => [new Date(time as number).toISOString().slice(0, 10), campaign, clicks])).toEqual(
      ['2026-02-02', '2026-02-09', '2026-02-16', '2026-02-23', '2026-03-02'].map((week, index) => [week, 'Groß', 50 * (index + 1)]),
    );
  });
});

describe('goals and legends', () => {
  it('are constant series with a dashed line, and columns of a table', async () => {
    const goals = [{ metric: 'clicks', value: 60, title: 'Plan' }];
    const [line, goal] = await frames({ metrics: ['clicks'], grain: 'week', goals });
    expect(goal?.data.values).toEqual([line?.data.values[0], [60, 60, 60, 60, 60]]);
    expect(goal?.schema.fields[1]).toMatchObject({
      labels: { goal: 'Plan' },
      config: {
        displayNameFromDS: 'Plan',
        unit: 'short',
        custom: { lineStyle: { fill: 'dash', dash: [8, 8] }, lineWidth: 1, fillOpacity: 0 },
      },
    });
    expect(line?.schema.fields[1]?.config?.custom).toBeUndefined();
    expect((await table({ metrics: ['clicks'], goals, limit: 1 }))[0]).toEqual({ campaign: 'Groß', clicks: 250, 'clicks (goal)': 60 });
    expect(await refused({ metrics: ['clicks'], goals: [{ metric: 'spend', value: 1 }] })).toMatch(/A goal is set for 'spend'/);
  });

  it('name series by a format', async () => {
    const series = await frames({
      metrics: ['spend'],
      dimensions: ['campaign'],
      grain: 'week',
      compare: 'previous_period',
      legend: '{{campaign}} in {{currency}} {{period}}',
    });
    expect(series.slice(0, 2).map(({ schema }) => schema.fields[1]?.config?.displayNameFromDS)).toEqual([
      'Groß in EUR',
      'Groß in EUR previous',
    ]);
    expect(await refused({ metrics: ['spend'], legend: '{{advertiser}}' })).toMatch(
      /The legend has {{advertiser}}.*Use: {{metric}}, {{currency}}, {{period}}/,
    );
  });
});

describe('a comparison of one’s own', () => {
  it('with days of the same or another length: a total with all of them, a series with the first beside the first', async () => {
    const compareTo = JANUARY;
    const numbers = valuesOf(await frames({ metrics: ['clicks'], format: 'numeric', compare: 'custom', compareTo }, [ONE]));
    expect(numbers.map(({ values }) => values[0])).toEqual([500, 250, 1]);
    const [now, before] = await frames(
      { metrics: ['spend'], grain: 'week', compare: 'custom', compareTo, filters: [{ dimension: 'campaign', values: ['Big'] }] },
      [ONE],
    );
    expect(now?.data.values[1]).toEqual([54, 55, 56, null, 58]);
    expect(before?.data.values[1]).toEqual([50, 51, null, null, null]);
    expect(before?.schema.fields[1]?.config?.custom?.lineStyle).toEqual({ fill: 'dash', dash: [8, 8] });
  });

  it('needs its days', async () => {
    expect(await refused({ metrics: ['clicks'], compare: 'custom' })).toMatch(/compareTo says no days/);
    expect(await refused({ metrics: ['clicks'], compare: 'custom', compareTo: { from: '2026-01-05', to: '2026-01-04' } })).toMatch(
      /a last one not before it/,
    );
  });
});

it('explains what was asked', async () => {
  const [frame] = await frames({
    metrics: ['spend'],
    dimensions: ['campaign'],
    format: 'table',
    compare: 'previous_year',
    transform: 'share',
    limit: 5,
    others: true,
    filters: [{ dimension: 'currency', values: ['EUR'] }],
    metricFilters: [{ metric: 'clicks', operator: '>', value: 9 }],
  });
  expect(frame?.schema.meta.custom?.explain).toMatchObject({
    question: `Spend by campaign, in total, from ${RANGE[0]} to ${addDays(RANGE[1], -1)}, for Two. Only where the advertiser accounts in EUR and Clicks > 9; as shares of the total; compared with the same weekdays a year before; the 5 with the highest Spend, and all others together.`,
    comparison: null,
  });
});
