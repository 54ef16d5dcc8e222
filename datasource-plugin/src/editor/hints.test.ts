import { CoreApp } from '@grafana/data';
import type { AmcQuery } from '../query';
import { CATALOGUE } from '../testing/catalogue';
import { hintsFor } from './hints';

const texts = (query: Partial<AmcQuery>, app?: CoreApp) => hintsFor({ refId: 'A', ...query }, CATALOGUE, app).map(({ text }) => text);
const quiet: Partial<AmcQuery> = { dataset: 'campaign_performance', metrics: ['clicks'], grain: 'week' };

it('says nothing about a query that is fine', () => {
  expect(texts(quiet)).toEqual([]);
});

it('warns about variables in alert rules only', () => {
  const query: Partial<AmcQuery> = { ...quiet, latest: true, filters: [{ dimension: 'campaign', operator: 'in', values: ['$campaign'] }] };
  expect(texts(query, CoreApp.UnifiedAlerting)[0]).toContain('$campaign will have no value');
  expect(texts(query, CoreApp.Dashboard)).toEqual([]);
});

it('knows a name that holds a dollar sign from a variable', () => {
  const filtered = (values: string[], fixed?: string[]) =>
    texts(
      { ...quiet, latest: true, filters: [{ dimension: 'campaign', operator: 'in', values, ...(fixed && { fixed }) }] },
      CoreApp.UnifiedAlerting,
    ).join();
  expect(filtered(['Cash$back', '[[Q4]] Brand'])).not.toContain('will have no value');
  expect(filtered(['[[Q4]]'], ['[[Q4]]'])).not.toContain('will have no value');
  expect(filtered(['[[Q4]]'])).toContain('[[Q4]] will have no value');
});

it('warns an alert rule that would raise an alert about what Amazon hid', () => {
  const rule: Partial<AmcQuery> = { ...quiet, latest: true, rest: 'show' };
  const [hint] = hintsFor({ refId: 'A', ...rule, dimensions: ['campaign'] }, CATALOGUE, CoreApp.UnifiedAlerting);
  expect(hint?.fix?.change).toEqual({ rest: 'hide' });
  expect(texts(rule, CoreApp.UnifiedAlerting)).toEqual([]);
  expect(texts({ ...rule, dimensions: ['campaign'], limit: 5 }, CoreApp.Dashboard)).toEqual([]);
});

it('offers an alert rule the newest complete bucket', () => {
  const [hint] = hintsFor({ refId: 'A', ...quiet }, CATALOGUE, CoreApp.UnifiedAlerting);
  expect(hint?.fix?.change).toEqual({ latest: true, format: 'numeric' });
});

it('names the breakdowns that a count of people has', () => {
  const reach: Partial<AmcQuery> = { dataset: 'reach_frequency', metrics: ['reach'], grain: 'week' };
  expect(texts({ ...reach, dimensions: ['frequency_bucket'] })[0]).toContain('none; Advertiser; Advertiser + Ads seen');
  expect(
    texts({ ...reach, dimensions: ['frequency_bucket'], filters: [{ dimension: 'advertiser', operator: '=', values: ['Acme'] }] }),
  ).toEqual([]);
  expect(texts({ ...reach, dimensions: ['advertiser', 'instance'] })).toEqual([]);
  expect(texts({ ...reach, grain: 'day' })[0]).toContain('counted per week, not per day');
});

it('tells over which ranges a count of people has a number', () => {
  const reach: Partial<AmcQuery> = { metrics: ['reach'], grain: 'total', format: 'numeric' };
  expect(texts(reach)[0]).toContain('Counted are: weeks, 4 weeks, calendar months.');
  expect(texts({ ...reach, dataset: 'reach_frequency_4_weeks' })[0]).toContain('Counted are: 4 weeks.');
  expect(texts({ ...reach, grain: 'month' })).toEqual([]);
  const [hint] = hintsFor({ refId: 'A', ...reach, dataset: 'reach_frequency_month', grain: 'week' }, CATALOGUE);
  expect(hint?.fix?.change).toEqual({ grain: 'month' });
});

it('says what growth is not kept for', () => {
  const growth: Partial<AmcQuery> = {
    queryType: 'week_growth',
    dataset: 'campaign_performance',
    metrics: ['spend'],
    dimensions: [],
    filters: [],
  };
  expect(texts(growth)).toEqual([]);
  expect(texts({ ...growth, dataset: 'reach_frequency', metrics: ['reach'] })[0]).toContain('no totals that grow');
  expect(hintsFor({ refId: 'A', ...growth, dimensions: ['campaign'] }, CATALOGUE)[0]?.fix?.change).toEqual({ dimensions: [], filters: [] });
  expect(texts({ ...growth, metrics: ['reach'] })[0]).toContain('has no reach');
});

it('names what the dataset does not have', () => {
  expect(texts({ ...quiet, metrics: ['clicks', 'reach'], dimensions: ['$by'] })[0]).toBe(
    'Campaign performance has no reach. Remove it or choose another dataset.',
  );
});

it('says that money of two currencies gives two series, unless that is settled', () => {
  const spend: Partial<AmcQuery> = { ...quiet, metrics: ['spend'] };
  expect(texts(spend)[0]).toContain('USD and EUR');
  expect(texts({ ...spend, instances: ['amcus'] })).toEqual([]);
  expect(texts({ ...spend, dimensions: ['currency'] })).toEqual([]);
});

it('is not troubled by a dataset that is gone', () => {
  expect(texts({ dataset: 'gone', metrics: ['x'] })).toEqual([]);
});

it('says which numbers cannot be transformed, and what needs several buckets', () => {
  const both: Partial<AmcQuery> = { ...quiet, metrics: ['clicks', 'roas'] };
  expect(texts({ ...both, transform: 'share' })).toEqual(['Share of total needs numbers that can be added, and ROAS cannot.']);
  expect(texts({ ...both, transform: 'moving_average' })).toEqual([]);
  expect(texts({ ...quiet, transform: 'share' })).toEqual([]);
  const [hint] = hintsFor({ refId: 'A', ...quiet, transform: 'cumulative', latest: true }, CATALOGUE);
  expect(hint?.fix?.change).toEqual({ grain: 'week', latest: false });
});

it('names fields that no query has, and removes them', () => {
  const [hint] = hintsFor({ refId: 'A', ...quiet, colour: 'red' } as AmcQuery, CATALOGUE);
  expect(hint?.text).toContain('colour');
  expect(hint?.fix?.change).toEqual({ colour: undefined });
});
