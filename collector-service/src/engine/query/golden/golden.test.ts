import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MetricQueryInput } from '../../../contract/query.ts';
import { createStory, DE, US } from '@amc-reports/test-support/query/story-fixture.ts';
import type { AskOptions, World } from '@amc-reports/test-support/query/query-fixture.ts';

/**
 * Whole answers as they go over the wire, one file per scenario; the Go backend reads the same files.
 * Run with UPDATE_GOLDEN=1 to write them anew, and read the difference before keeping it.
 */
interface Scenario {
  queries: MetricQueryInput[];
  range: readonly [from: string, to: string];
  options?: AskOptions;
}

const FOUR_WEEKS = ['2026-02-23', '2026-03-25'] as const;

const SCENARIOS: Record<string, Scenario> = {
  'series-by-week-in-two-currencies': { queries: [{ metrics: ['spend', 'sales'], grain: 'week' }], range: FOUR_WEEKS },
  'series-by-day-with-hidden-days': {
    queries: [{ metrics: ['clicks'], grain: 'day' }],
    range: ['2026-03-07', '2026-03-10'],
    options: { instances: [US] },
  },
  'series-by-campaign-compared': {
    queries: [
      {
        metrics: ['roas'],
        dimensions: ['campaign'],
        grain: 'week',
        compare: 'previous_period',
        filters: [{ dimension: 'campaign', operator: '!=', values: ['(suppressed)'] }],
      },
    ],
    range: ['2026-03-09', '2026-03-25'],
    options: { instances: [DE] },
  },
  'series-by-month-marked-partial': {
    queries: [{ metrics: ['purchases'], grain: 'month', partial: 'mark' }],
    range: ['2026-01-01', '2026-04-01'],
    options: { instances: [US] },
  },
  'numbers-with-change': {
    queries: [{ metrics: ['spend', 'roas', 'ctr'], format: 'numeric', compare: 'previous_period' }],
    range: FOUR_WEEKS,
    options: { instances: [US] },
  },
  'number-of-the-latest-week-for-an-alert': {
    queries: [{ metrics: ['acos'], dimensions: ['instance'], format: 'numeric', latest: true }],
    range: ['2026-01-01', '2026-04-01'],
  },
  'table-of-top-campaigns': {
    queries: [
      {
        metrics: ['spend', 'sales', 'acos', 'clicks'],
        dimensions: ['campaign', 'ad_product'],
        format: 'table',
        orderBy: { by: 'spend' },
        limit: 3,
      },
    ],
    range: FOUR_WEEKS,
  },
  'table-with-time': {
    queries: [
      {
        metrics: ['impressions', 'ctr'],
        dimensions: ['instance'],
        grain: 'week',
        format: 'table',
        orderBy: { by: 'time', direction: 'desc' },
      },
    ],
    range: ['2026-03-09', '2026-03-25'],
  },
  'no-data-series-number-and-table': {
    queries: (['timeseries', 'numeric', 'table'] as const).map((format) => ({
      refId: format,
      metrics: ['spend'],
      dimensions: ['campaign'],
      format,
    })),
    range: ['2024-01-01', '2024-03-01'],
    options: { instances: [US] },
  },
  'bad-queries-beside-a-good-one': {
    queries: [
      { refId: 'good', metrics: ['clicks'], format: 'numeric' },
      { refId: 'metric', metrics: ['spent'] },
      { refId: 'dimension', metrics: ['clicks'], dimensions: ['campain'] },
      { refId: 'dataset', dataset: 'campaign_performence', metrics: ['clicks'] },
      { refId: 'none', metrics: [] },
      { refId: 'grain', metrics: ['clicks'], grain: 'week', format: 'numeric' },
    ],
    range: FOUR_WEEKS,
    options: { instances: [US] },
  },
  'freshness-of-weeks': {
    queries: [{ queryType: 'freshness', dataset: 'campaign_performance', format: 'table' }],
    range: ['2026-03-09', '2026-03-25'],
  },
  'growth-of-weeks-and-completeness-by-age': {
    queries: [
      { refId: 'lines', queryType: 'week_growth', metrics: ['spend', 'clicks'] },
      { refId: 'runs', queryType: 'week_growth', metrics: ['sales'], format: 'table' },
      { refId: 'ages', queryType: 'week_growth', metrics: ['sales'], format: 'table', grain: 'total' },
      { refId: 'numbers', queryType: 'week_growth', metrics: ['sales'], format: 'numeric' },
    ],
    range: ['2026-02-01', '2026-04-01'],
    options: { instances: [US] },
  },
  'reach-over-four-weeks-and-over-none': {
    queries: [
      { refId: 'number', metrics: ['reach', 'frequency'], grain: 'total', format: 'numeric' },
      { refId: 'table', metrics: ['reach'], dimensions: ['advertiser'], grain: 'total', format: 'table' },
      { refId: 'none', metrics: ['reach'], dataset: 'reach_frequency_13_weeks', grain: 'total', format: 'numeric' },
    ],
    range: ['2026-02-16', '2026-03-16'],
    options: { instances: [US] },
  },
  restatements: { queries: [{ queryType: 'restatements' }], range: ['2026-03-01', '2026-04-01'] },
  'health-of-collections-runs-and-events': {
    queries: [
      { refId: 'table', queryType: 'collection_health', dataset: 'campaign_performance', format: 'table' },
      {
        refId: 'late',
        queryType: 'collection_health',
        dataset: 'campaign_performance',
        format: 'numeric',
        metrics: ['late_days', 'failed'],
      },
      { refId: 'runs', queryType: 'runs' },
      { refId: 'events', queryType: 'events' },
    ],
    range: ['2026-03-01', '2026-04-01'],
  },
  'table-of-shares-with-others-and-a-calculated-metric': {
    queries: [
      {
        refId: 'others',
        metrics: ['spend', 'clicks'],
        calculated: [{ name: 'cost_per_order', title: 'Cost per order', expression: 'spend / purchases', better: 'down' }],
        dimensions: ['campaign'],
        format: 'table',
        limit: 1,
        others: true,
        goals: [{ metric: 'clicks', value: 500, title: 'Plan' }],
        metricFilters: [{ metric: 'impressions', operator: '>', value: 0 }],
      },
      { refId: 'shares', metrics: ['clicks'], dimensions: ['campaign'], format: 'table', transform: 'share' },
    ],
    range: FOUR_WEEKS,
    options: { instances: [US] },
  },
  'series-with-goal-legend-and-comparison': {
    queries: [
      {
        metrics: ['spend'],
        grain: 'week',
        transform: 'moving_average',
        movingAverage: { points: 2 },
        compare: 'custom',
        compareTo: { from: '2026-01-05', to: '2026-01-25' },
        goals: [{ metric: 'spend', value: 120 }],
        legend: '{{metric}} in {{currency}} {{period}}',
      },
    ],
    range: FOUR_WEEKS,
    options: { instances: [US] },
  },
};

let world: World;
beforeAll(async () => {
  world = await createStory();
  await world.store.pool.query(
    `INSERT INTO week_revisions (instance_id, dataset, dataset_version, week, data_version, run_id, accepted_at, rows_added, rows_changed, rows_vanished, totals_before, totals_after)
     VALUES ($1, 'campaign_performance', 2, '2026-02-23', 1, 1, '2026-03-04T06:00:00Z', 10, 0, 0, NULL, '{"spend": {"USD": "100.5"}, "sales": {"USD": "1000"}, "clicks": "10"}'),
            ($1, 'campaign_performance', 2, '2026-02-23', 2, 1, '2026-03-20T06:00:00Z', 1, 4, 2,
       '{"spend": {"USD": "100.5"}, "sales": {"USD": "1000"}, "clicks": "10"}', '{"spend": {"USD": "100.5"}, "sales": {"USD": "1100.25"}, "clicks": "11"}')`,
    [world.instance(US).id],
  );
  await world.store.pool.query(
    `INSERT INTO week_runs (id, collection_id, instance_id, week, state, attempt, execution_id, rows_added, finished_at, error_code, error_message, error_at)
     OVERRIDING SYSTEM VALUE
     SELECT run.id, c.id, c.instance_id, run.week, run.state, run.attempt, run.execution, run.added, run.at, run.code, run.message, CASE WHEN run.code IS NOT NULL THEN run.at END
     FROM report_data_collections c, (VALUES
       (901, '2026-03-02'::date, 'done', 1, 'execution-1', 12, '2026-03-11T06:00:00Z'::timestamptz, NULL, NULL),
       (902, '2026-03-09'::date, 'failed', 3, NULL, NULL, '2026-03-18T06:00:00Z'::timestamptz, 'execution_failed', 'Amazon could not run the query.')
     ) AS run (id, week, state, attempt, execution, added, at, code, message)
     WHERE c.instance_id = $1 AND c.dataset = 'campaign_performance'`,
    [world.instance(US).id],
  );
  await world.collect(US, 'reach_frequency_4_weeks', '2026-03-09', '2026-03-09');
  await world.serve(US, 'reach_frequency_4_weeks', '2026-03-09', [
    { level: 'all', reach: 12_000, impressions: 90_000 },
    { level: 'advertiser', advertiser: 'Acme Inc', reach: 11_000, impressions: 80_000 },
    { level: 'advertiser', advertiser: 'Zeta', reach: 3000, impressions: 10_000 },
  ]);
});
afterAll(() => world.close());

describe('an answer on the wire', () => {
  it.each(Object.entries(SCENARIOS))('%s is what it was, key by key', async (name, { queries, range, options }) => {
    const response = await world.askAll(queries, range[0], range[1], options);
    const file = join(__dirname, `${name}.json`);
    if (process.env.UPDATE_GOLDEN === '1') writeFileSync(file, `${JSON.stringify(response, null, 2)}\n`);
    const kept: unknown = JSON.parse(readFileSync(file, 'utf8'));
    expect(response).toEqual(kept);
    // Grafana's SDK wants the schema before the data, so the order of keys counts too.
    expect(JSON.stringify(response)).toBe(JSON.stringify(kept));
  });
});
