import { SUPPRESSED, UNKNOWN } from '../../../data/catalogue/tables.ts';
import { createWorld, noticesIn, tableRows, valuesOf, type FactRow, type World } from '@amc-reports/test-support/query/query-fixture.ts';

const [MIXED, SPLIT, HIDDEN] = ['Mixed', 'Split', 'Hidden'];
const WEEK = '2026-03-02';
let world: World;

const row = (campaign: string, currency: string, numbers: Record<string, number>): FactRow => ({
  source: campaign,
  day: WEEK,
  advertiser: 'Acme',
  ad_product: 'amazon_dsp',
  campaign_id: campaign,
  campaign,
  currency,
  ...numbers,
});

beforeAll(async () => {
  world = await createWorld({ [MIXED]: 'America/Los_Angeles', [SPLIT]: 'America/Los_Angeles', [HIDDEN]: 'America/Los_Angeles' });
  await world.collect(MIXED, 'campaign_performance', WEEK, WEEK);
  await world.serve(MIXED, 'campaign_performance', WEEK, [
    row('Dollars', 'USD', { impressions: 100, clicks: 10, sponsored_ads_spend: 10, sales: 50 }),
    row('Euros', 'EUR', { impressions: 200, clicks: 30, sponsored_ads_spend: 20, sales: 30 }),
    row('Both', 'USD', { impressions: 1, clicks: 1, sponsored_ads_spend: 5, sales: 5 }),
    row('Both', 'EUR', { impressions: 1, clicks: 1, sponsored_ads_spend: 7, sales: 14 }),
    row('Crossed', 'USD', { impressions: 9, clicks: 2, sponsored_ads_spend: 4 }),
    row('Crossed', 'EUR', { sales: 8 }),
    row('Idle', 'USD', { impressions: 0, sponsored_ads_spend: 0 }),
    row('Clicks only', UNKNOWN, { clicks: 6 }),
  ]);
  await world.collect(SPLIT, 'campaign_performance', WEEK, WEEK);
  await world.serve(SPLIT, 'campaign_performance', WEEK, [
    row('Spend', 'USD', { impressions: 10, sponsored_ads_spend: 4 }),
    row('Sales', 'CAD', { sales: 8 }),
  ]);
  await world.collect(HIDDEN, 'campaign_performance', WEEK, WEEK);
  const hidden = { campaign: SUPPRESSED, campaign_id: SUPPRESSED, filtered: true };
  await world.serve(HIDDEN, 'campaign_performance', WEEK, [
    row('Many dollars', 'USD', { clicks: 10, sponsored_ads_spend: 30 }),
    row('More dollars', 'USD', { clicks: 10, sponsored_ads_spend: 60 }),
    { ...row('Rest', 'USD', { clicks: 4, sponsored_ads_spend: 10 }), ...hidden },
    row('Few euros', 'EUR', { clicks: 6, sponsored_ads_spend: 60 }),
    { ...row('Rest', 'EUR', { clicks: 10, sponsored_ads_spend: 40 }), ...hidden },
  ]);
});
afterAll(() => world.close());

const ask = (query: object, instance = MIXED) =>
  world.ask({ metrics: ['spend'], format: 'numeric', ...query }, '2026-03-02', '2026-03-09', { instances: [instance] });

describe('money in several currencies', () => {
  it('is never added: one number per currency with its unit, and none for a currency that only other numbers have', async () => {
    const frames = await ask({});
    expect(valuesOf(frames)).toEqual([
      { name: 'spend', labels: { currency: 'EUR' }, values: [27] },
      { name: 'spend', labels: { currency: 'USD' }, values: [19] },
    ]);
    expect(frames.map(({ schema }) => schema.fields[0]?.config?.unit)).toEqual(['currencyEUR', 'currencyUSD']);
    expect(frames.map(({ schema }) => schema.fields[0]?.config?.displayNameFromDS)).toEqual(['Spend (EUR)', 'Spend (USD)']);
  });

  it('leaves counts whole, whatever currency their rows carry', async () => {
    expect(valuesOf(await ask({ metrics: ['clicks', 'ctr'] }))).toEqual([
      { name: 'clicks', labels: { metric: 'clicks' }, values: [50] },
      { name: 'ctr', labels: { metric: 'ctr' }, values: [50 / 311] },
    ]);
  });

  it('is divided within its currency, on both sides', async () => {
    expect(valuesOf(await ask({ metrics: ['cpc'] }))).toEqual([
      { name: 'cpc', labels: { currency: 'EUR' }, values: [27 / 31] },
      { name: 'cpc', labels: { currency: 'USD' }, values: [19 / 13] },
    ]);
  });

  it('has a column per currency in a table, and no ratio where spend and sales are in different ones', async () => {
    const frames = await ask({
      metrics: ['spend', 'roas', 'clicks'],
      dimensions: ['campaign'],
      format: 'table',
      orderBy: { by: 'campaign', direction: 'asc' },
    });
    expect(tableRows(frames[0])).toEqual([
      { campaign: 'Both', 'spend EUR': 7, 'spend USD': 5, 'roas EUR': 2, 'roas USD': 1, clicks: 2 },
      { campaign: 'Clicks only', 'spend EUR': null, 'spend USD': null, 'roas EUR': null, 'roas USD': null, clicks: 6 },
      { campaign: 'Crossed', 'spend EUR': 0, 'spend USD': 4, 'roas EUR': null, 'roas USD': null, clicks: 2 },
      { campaign: 'Dollars', 'spend EUR': null, 'spend USD': 10, 'roas EUR': null, 'roas USD': 5, clicks: 10 },
      { campaign: 'Euros', 'spend EUR': 20, 'spend USD': null, 'roas EUR': 1.5, 'roas USD': null, clicks: 30 },
      { campaign: 'Idle', 'spend EUR': null, 'spend USD': 0, 'roas EUR': null, 'roas USD': null, clicks: 0 },
    ]);
    expect(noticesIn(frames)).toContain('ROAS: left empty where spend and sales are in different currencies, which make no ratio.');
  });

  it('gives no number for a ratio, and a sentence, when all spend is in one currency and all sales in another', async () => {
    const frames = await ask({ metrics: ['roas', 'acos', 'sales'] }, SPLIT);
    expect(valuesOf(frames).map(({ name, labels, values }) => [name, labels.currency, values[0]])).toEqual([['sales', 'CAD', 8]]);
    expect(frames.at(-1)?.schema.fields[0]?.config?.unit).toBe('currency:CA$');
    expect(noticesIn(frames).join()).toMatch(/ROAS, ACOS: left empty/);
  });

  it('is restricted by a filter on the currency, which leaves counts alone', async () => {
    const filters = [{ dimension: 'currency', operator: '=', values: ['USD'] }];
    expect(
      valuesOf(await ask({ metrics: ['spend', 'clicks'], filters })).map(({ labels, values }) => [labels.currency, values[0]]),
    ).toEqual([
      ['USD', 19],
      [undefined, 50],
    ]);
    expect(
      valuesOf(await ask({ metrics: ['spend'], filters: [{ dimension: 'currency', operator: 'not in', values: ['USD'] }] })),
    ).toHaveLength(1);
  });

  it('tells what is hidden of the currency that is asked for, by name where there are several, and never of another', async () => {
    const shareOf = async (query: object) => {
      const frames = await ask({ dimensions: ['campaign'], format: 'table', ...query }, HIDDEN);
      return [frames[0]?.schema.meta.custom?.freshness.suppressedShare, noticesIn(frames).find((text) => text.startsWith('Amazon hides'))];
    };
    const only = (...values: string[]) => ({ filters: [{ dimension: 'currency', operator: 'in', values }] });
    expect(await shareOf(only('USD'))).toEqual([0.1, expect.stringContaining('hides 10.0 % of Spend at')]);
    expect(await shareOf(only('EUR'))).toEqual([0.4, expect.stringContaining('hides 40.0 % of Spend at')]);
    expect(await shareOf({})).toEqual([0.4, expect.stringContaining('hides 40.0 % of Spend in EUR at')]);
    // Counts are not filtered by a currency.
    expect(await shareOf({ metrics: ['clicks'], ...only('USD') })).toEqual([0.35, expect.stringContaining('hides 35.0 % of Clicks at')]);
  });

  it('splits every metric when broken down by currency', async () => {
    const [frame] = await ask({
      metrics: ['spend', 'clicks'],
      dimensions: ['currency'],
      format: 'table',
      orderBy: { by: 'currency', direction: 'asc' },
    });
    expect(tableRows(frame)).toEqual([
      { currency: 'EUR', spend: 27, clicks: 31 },
      { currency: 'USD', spend: 19, clicks: 13 },
      { currency: '(unknown)', spend: 0, clicks: 6 },
    ]);
    const series = await ask({ metrics: ['spend'], dimensions: ['currency'] });
    expect(series.map(({ schema }) => [schema.fields[0]?.labels?.currency, schema.fields[0]?.config?.unit])).toEqual([
      ['EUR', 'currencyEUR'],
      ['USD', 'currencyUSD'],
      ['(unknown)', undefined],
    ]);
  });

  it('is ordered by the currency with most rows, and the answer says which', async () => {
    const frames = await ask({ metrics: ['spend'], dimensions: ['campaign'], format: 'table', orderBy: { by: 'spend' }, limit: 2 });
    expect(tableRows(frames[0]).map(({ campaign }) => campaign)).toEqual(['Dollars', 'Both']);
    expect(noticesIn(frames).join()).toMatch(/Ordered by the amounts in USD, the currency with most rows/);
  });
});
