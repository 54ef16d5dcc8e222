import { metricQuerySchema, type MetricQueryInput } from '../../../contract/query.ts';
import { loadDatasets, SHIPPED_DATASETS } from '../../../data/catalogue/load.ts';
import type { Dataset } from '../../../data/catalogue/dataset.ts';
import { addDays } from '../../../ground/calendar/week.ts';
import { resolveGrain } from './grain.ts';

let datasets: Dataset[];
beforeAll(async () => {
  datasets = await loadDatasets([SHIPPED_DATASETS]);
});

function grainOf(query: MetricQueryInput, days: number, maxDataPoints = 1000, name = 'campaign_performance') {
  const dataset = datasets.find((each) => each.dataset === name)!;
  const metrics = dataset.metrics.filter((metric) => (query.metrics ?? []).includes(metric.name));
  return resolveGrain(
    metricQuerySchema.parse(query),
    dataset,
    metrics,
    { start: '2024-01-01', end: addDays('2024-01-01', days) },
    maxDataPoints,
  );
}

describe('the automatic grain', () => {
  it('is by day for a quarter, by week for two years, by month beyond', () => {
    expect(grainOf({ metrics: ['spend'] }, 90)).toBe('day');
    expect(grainOf({ metrics: ['spend'] }, 364)).toBe('week');
    expect(grainOf({ metrics: ['spend'] }, 1000)).toBe('month');
  });
  it('is coarser where a panel has room for fewer points', () => {
    expect(grainOf({ metrics: ['spend'] }, 90, 30)).toBe('week');
    expect(grainOf({ metrics: ['spend'] }, 364, 30)).toBe('month');
  });
  it('is by day for a range that may hold no week, however few points there are', () => {
    expect(grainOf({ metrics: ['spend'] }, 3, 1)).toBe('day');
  });
  it('is by week for distinct counts and datasets without days', () => {
    expect(grainOf({ metrics: ['reach'] }, 14, 1000, 'reach_frequency')).toBe('week');
    expect(grainOf({ metrics: ['reach_impressions'] }, 1000, 1000, 'reach_frequency')).toBe('week');
  });
  it('is the total for tables and numbers, and the week for the latest', () => {
    expect(grainOf({ metrics: ['spend'], format: 'table' }, 90)).toBe('total');
    expect(grainOf({ metrics: ['spend'], format: 'numeric' }, 90)).toBe('total');
    expect(grainOf({ metrics: ['spend'], format: 'numeric', latest: true }, 90)).toBe('week');
    expect(grainOf({ metrics: ['spend'], format: 'numeric', latest: true, grain: 'total' }, 90)).toBe('week');
  });
});

describe('a grain that cannot be', () => {
  it('is refused with a sentence: days of a dataset without days, one number of many buckets', () => {
    expect(() => grainOf({ metrics: ['reach'], grain: 'day' }, 90, 1000, 'reach_frequency')).toThrow(/holds whole weeks without days/);
    expect(() => grainOf({ metrics: ['spend'], grain: 'week', format: 'numeric' }, 90)).toThrow(/set latest/);
  });
});
