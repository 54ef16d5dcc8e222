import { CollectorError } from '../../../contract/error.ts';
import type { MetricQueryInput } from '../../../contract/query.ts';
import { createStory, US } from '@amc-reports/test-support/query/story-fixture.ts';
import type { World } from '@amc-reports/test-support/query/query-fixture.ts';
import type { Result } from '../result.ts';

let world: World;
beforeAll(async () => {
  world = await createStory();
  await world.store.pool.query(
    `INSERT INTO week_revisions (instance_id, dataset, dataset_version, week, data_version, run_id, accepted_at, rows_added, rows_changed, rows_vanished, totals_before, totals_after)
     VALUES ($1, 'campaign_performance', 2, '2026-02-23', 1, 1, '2026-03-04T06:00:00Z', 10, 0, 0, NULL, '{"sales": {"USD": "1000"}, "clicks": "10"}'),
            ($1, 'campaign_performance', 2, '2026-02-23', 2, 1, '2026-03-20T06:00:00Z', 1, 4, 2,
       '{"sales": {"USD": "1000"}, "clicks": "10"}', '{"sales": {"USD": "1250"}, "clicks": "10"}')`,
    [world.instance(US).id],
  );
});
afterAll(() => world.close());

const ONE = { instances: [US] };
const resultOf = async <Kind extends Result['kind']>(kind: Kind, query: MetricQueryInput, from = '2026-02-23', options: object = ONE) => {
  const result = (await world.results([query], from, '2026-03-25', options)).get('A');
  if (result instanceof CollectorError || result?.kind !== kind) throw new Error(`No result of kind ${kind}`);
  return result as Extract<Result, { kind: Kind }>;
};
const titles = (columns: readonly { metric: { name: string }; unit: string; currency: string | null; period: string }[]) =>
  columns.map(({ metric, unit, currency, period }) => [metric.name, unit, currency ?? '-', period].join(' '));

describe('the numbers of', () => {
  it('metrics say of each column its metric, unit, currency and period, with what the answer is made of', async () => {
    const result = await resultOf('metrics', {
      metrics: ['spend', 'ctr'],
      dimensions: ['ad_product'],
      grain: 'total',
      format: 'table',
      compare: 'previous_period',
      orderBy: { by: 'spend' },
    });
    expect(titles(result.columns)).toEqual([
      'spend currency USD current',
      'spend currency USD previous',
      'spend percent USD change',
      'ctr percent - current',
      'ctr percent - previous',
      'ctr percent - change',
    ]);
    expect(result.dimensions).toEqual([{ name: 'ad_product', title: 'Ad product' }]);
    expect(result.rows.map(({ bucket, group, values }) => [bucket, group, values.slice(0, 3)])).toEqual([
      [null, ['Sponsored Products'], [4 * 67.5, 4 * 67.5, 0]],
      [null, ['Amazon DSP'], [4 * 32.5, 4 * 32.5, 0]],
    ]);
    expect(result).toMatchObject({ refId: 'A', grain: 'total', format: 'table', buckets: ['2026-02-23'] });
    expect(result.freshness).toMatchObject({ weeksExpected: 4, weeksMissing: [], truncated: false });
    expect(result.executed).toContain('FROM rollup_campaign_performance_v2_product_week');
    expect(result.notices).toEqual([]);
    expect(result.explain.fresh).toMatchObject({ dataAsOf: '2026-03-25T00:00:00.000Z', completeUntil: '2026-03-23' });
  });

  it('metrics by week have a row for each week and currency', async () => {
    const { columns, rows, buckets } = await resultOf('metrics', { metrics: ['sales'], grain: 'week' }, '2026-03-09', {});
    expect(titles(columns)).toEqual(['sales currency EUR current', 'sales currency USD current']);
    expect(buckets).toEqual(['2026-03-09', '2026-03-16']);
    expect(rows.map(({ bucket, values }) => [bucket, ...values])).toEqual(
      [12, 13].map((index) => [buckets[index - 12], 345.25 + index * 10, 345.25 + index * 10]),
    );
  });

  it('the growth of weeks are steps by run, and shares by age', async () => {
    const byRun = await resultOf('week_growth', { queryType: 'week_growth', metrics: ['sales'] });
    expect(titles(byRun.columns)).toEqual(['sales currency USD current']);
    expect(byRun).toMatchObject({
      by: 'run',
      rows: [
        {
          instance: US,
          week: '2026-02-23',
          isFinal: false,
          steps: [
            { acceptedAt: new Date('2026-03-04T06:00:00Z'), ageDays: 1, values: [1000] },
            { acceptedAt: new Date('2026-03-20T06:00:00Z'), ageDays: 17, values: [1250] },
          ],
        },
      ],
    });
    const byAge = await resultOf('week_growth', { queryType: 'week_growth', metrics: ['sales'], format: 'numeric' });
    expect(byAge).toMatchObject({ by: 'age', rows: expect.arrayContaining([expect.objectContaining({ ageDays: 14, weeks: 1 })]) });
    expect(byAge.rows[0]).toMatchObject({ ageDays: 3, columns: [{ median: 0.8, lowest: 0.8, highest: 0.8 }] });
  });

  it('restatements say what moved, as numbers', async () => {
    const { rows } = await resultOf('restatements', { queryType: 'restatements' });
    expect(rows).toMatchObject([
      {
        acceptedAt: new Date('2026-03-20T06:00:00Z'),
        dataset: 'campaign_performance',
        week: '2026-02-23',
        instance: US,
        moves: [{ metric: { name: 'sales' }, currency: 'USD', before: 1000, after: 1250 }],
        rowsAdded: 1,
        rowsChanged: 4,
        rowsVanished: 2,
      },
    ]);
  });

  it('freshness say the state of every week', async () => {
    const { rows } = await resultOf('freshness', { queryType: 'freshness' });
    expect(rows.map(({ week, state, restatements }) => [week, state, restatements])).toEqual([
      ['2026-03-16', 'complete', 0],
      ['2026-03-09', 'complete', 0],
      ['2026-03-02', 'complete', 0],
      ['2026-02-23', 'complete', 1],
    ]);
    expect(rows[0]).toMatchObject({ dataset: 'campaign_performance', age: 'provisional', dataVersion: 1, collectedAt: expect.any(Date) });
  });
});

describe('a query that cannot be answered', () => {
  it('has its error where others have numbers, in the order asked', async () => {
    const queries = [
      { refId: 'bad', metrics: ['clickz'] },
      { refId: 'good', metrics: ['clicks'] },
    ];
    const results = await world.results(queries, '2026-02-23', '2026-03-25', ONE);
    expect([...results.keys()]).toEqual(['bad', 'good']);
    expect(results.get('bad')).toMatchObject({ code: 'unknown_metric', kind: 'terminal', details: { suggestions: ['clicks'] } });
    expect(results.get('good')).toMatchObject({ kind: 'metrics' });
  });
});
