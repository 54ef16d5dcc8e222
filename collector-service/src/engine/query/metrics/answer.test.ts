import { createWorld, daysOf, noticesIn, tableRows, valuesOf, type World } from '@amc-reports/test-support/query/query-fixture.ts';

const US = 'Acme US';
let world: World;

/** A day of one campaign. */
const day = (date: string, campaign: string, numbers: Record<string, number>) => ({
  source: 'sponsored_ads',
  day: date,
  advertiser: 'Acme',
  ad_product: 'sponsored_products',
  campaign_id: campaign.toLowerCase(),
  campaign,
  currency: 'USD',
  ...numbers,
});

beforeAll(async () => {
  world = await createWorld({ [US]: 'America/Los_Angeles' });
  await world.collect(US, 'campaign_performance', '2026-02-23', '2026-03-16');
  const weeks = ['2026-02-23', '2026-03-02', '2026-03-09', '2026-03-16'];
  for (const [index, week] of weeks.entries()) {
    await world.serve(US, 'campaign_performance', week, [
      day(week, 'Spring', { impressions: 1000, clicks: 10, sponsored_ads_spend: 5 + index }),
      day(week, 'Summer', { impressions: 500, clicks: 20, sponsored_ads_spend: 2.5 }),
      { ...day(week, 'Spring', { purchases: 2, sales: 30.25 }), source: 'conversions' },
    ]);
  }
});
afterAll(() => world.close());

describe('a metric query', () => {
  it('adds a metric over the weeks whose Monday lies in the range', async () => {
    const frames = await world.ask({ metrics: ['spend'], format: 'numeric' }, '2026-03-02', '2026-03-23');
    expect(valuesOf(frames)).toEqual([{ name: 'spend', labels: { currency: 'USD' }, values: [8.5 + 9.5 + 10.5] }]);
  });

  it('gives a series with a point per week', async () => {
    const frames = await world.ask({ metrics: ['clicks'], grain: 'week' }, '2026-02-23', '2026-03-30');
    expect(daysOf(frames[0])).toEqual(['2026-02-23', '2026-03-02', '2026-03-09', '2026-03-16']);
    expect(valuesOf(frames)).toEqual([{ name: 'clicks', labels: {}, values: [30, 30, 30, 30] }]);
  });

  it('breaks down by a dimension, largest first', async () => {
    const [frame] = await world.ask(
      { metrics: ['spend', 'roas', 'ctr'], dimensions: ['campaign'], format: 'table' },
      '2026-02-23',
      '2026-03-23',
    );
    expect(tableRows(frame)).toEqual([
      { campaign: 'Spring', 'spend USD': 26, 'roas USD': 121 / 26, ctr: 0.01 },
      { campaign: 'Summer', 'spend USD': 10, 'roas USD': 0, ctr: 0.04 },
    ]);
    expect(noticesIn([frame!])).toEqual([]);
    expect(frame?.schema.meta.custom?.explain).toMatchObject({
      question: 'Spend, ROAS and CTR by campaign, in total, from 2026-02-23 to 2026-03-22, for Acme US.',
      source: {
        dataset: 'campaign_performance',
        version: 2,
        level: 'campaign',
        rollup: 'rollup_campaign_performance_v2_campaign_week',
        grain: 'total',
      },
      days: { from: '2026-02-23', to: '2026-03-22' },
      comparison: null,
      hidden: [],
      fresh: { dataAsOf: '2026-03-25T00:00:00.000Z', weeksSettling: ['2026-02-23', '2026-03-02', '2026-03-09', '2026-03-16'] },
    });
  });
});
