import { SUPPRESSED, UNKNOWN } from '../../../data/catalogue/tables.ts';
import { createWorld, noticesIn, tableRows, valuesOf, type FactRow, type World } from '@amc-reports/test-support/query/query-fixture.ts';

const [MIXED, SPLIT, HIDDEN, LATER] = ['Mixed', 'Split', 'Hidden', 'Later'];
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
  world = await createWorld({
    [MIXED]: 'America/Los_Angeles',
    [SPLIT]: 'America/Los_Angeles',
    [HIDDEN]: 'America/Los_Angeles',
    [LATER]: 'UTC',
    Markets: 'UTC',
  });
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
  await world.collect(LATER, 'campaign_performance', WEEK, '2026-03-09');
  await world.serve(LATER, 'campaign_performance', WEEK, [row('Early', UNKNOWN, { clicks: 8 })]);
  await world.serve(LATER, 'campaign_performance', '2026-03-09', [
    { ...row('Early', 'EUR', { clicks: 3, sponsored_ads_spend: 1 }), day: '2026-03-09' },
    { ...row('Else', 'USD', { clicks: 7, sponsored_ads_spend: 1 }), advertiser: 'Else', day: '2026-03-09' },
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

  it('is ordered within each currency, with the limit for each: no campaign stands in the list of another currency', async () => {
    const rows = async (query: object) =>
      tableRows((await ask({ metrics: ['spend', 'clicks'], dimensions: ['campaign'], format: 'table', ...query }))[0]).map(
        ({ campaign }) => campaign,
      );
    const spend = { by: 'spend' };
    // Of as many rows in both, the currency with the first name; of Euros and Both in euros, then of Dollars in dollars.
    expect(await rows({ orderBy: spend, limit: 2 })).toEqual(['Euros', 'Both', 'Dollars']);
    expect(await rows({ orderBy: spend, limit: 1 })).toEqual(['Euros', 'Dollars']);
    expect(await rows({ orderBy: { by: 'clicks' }, limit: 1 })).toEqual(['Euros', 'Dollars']);
    // Crossed pays dollars and sold for euros: its account is in dollars. What has no currency comes last, where there is room.
    expect(await rows({ orderBy: spend, limit: 5 })).toEqual(['Euros', 'Both', 'Dollars', 'Crossed', 'Idle']);
    expect(await rows({ orderBy: spend })).toEqual(['Euros', 'Both', 'Dollars', 'Crossed', 'Idle', 'Clicks only']);
    expect(await rows({ metrics: ['sales'], orderBy: { by: 'sales' }, limit: 2 })).toEqual(['Euros', 'Both', 'Dollars']);
    // Counts alone have no currency, nor has an order by name.
    expect(await rows({ metrics: ['clicks'], orderBy: { by: 'clicks' }, limit: 2 })).toEqual(['Euros', 'Dollars']);
    expect(await rows({ orderBy: { by: 'campaign', direction: 'asc' }, limit: 2 })).toEqual(['Both', 'Clicks only']);
  });

  it('limits series within each currency', async () => {
    const frames = await ask({ dimensions: ['campaign'], format: 'timeseries', grain: 'week', limit: 1 });
    expect(valuesOf(frames).map(({ labels }) => [labels.campaign, labels.currency])).toEqual([
      ['Euros', 'EUR'],
      ['Dollars', 'USD'],
    ]);
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
    expect(await shareOf({ metrics: ['clicks'], ...only('USD') })).toEqual([4 / 24, expect.stringContaining('hides 16.7 % of Clicks at')]);
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
});

describe('a filter on the currency', () => {
  const only = (...values: string[]) => [{ dimension: 'currency', operator: 'in' as const, values }];
  const MARKETS = 'Markets';
  beforeAll(async () => {
    const other = { advertiser: 'Bär', campaign: 'Bär', campaign_id: 'Bär' };
    await world.serve(MARKETS, 'campaign_performance', WEEK, [
      row('Acme', 'USD', { impressions: 1000, clicks: 10, sponsored_ads_spend: 10, sales: 50, purchases: 5 }),
      // Bought abroad: in no account's currency.
      row('Acme', 'CAD', { sales: 8, purchases: 1 }),
      row('Acme', UNKNOWN, { detail_page_views: 70 }),
      { ...row('Bär', 'EUR', { impressions: 2000, clicks: 20, sponsored_ads_spend: 30, sales: 90, purchases: 9 }), ...other },
      { ...row('Bär', UNKNOWN, { detail_page_views: 90 }), ...other },
      { ...row('Bär', 'USD', { sales: 2, purchases: 1 }), ...other },
      // Nobody's by name.
      ...['USD', 'EUR'].map((currency) => ({
        ...row('Rest', currency, { impressions: currency === 'USD' ? 4 : 6 }),
        ...{ advertiser: SUPPRESSED, ad_product: SUPPRESSED, campaign: SUPPRESSED, campaign_id: SUPPRESSED, filtered: true },
      })),
    ]);
    await world.collect(MARKETS, 'campaign_performance', WEEK, WEEK);
  });

  it('chooses the advertisers that account in it, and counts are theirs too', async () => {
    const metrics = ['spend', 'sales', 'impressions', 'purchases', 'detail_page_views', 'cvr'];
    const numbers = async (filters: object[]) => {
      const frames = await ask({ metrics, filters }, MARKETS);
      return [
        Object.fromEntries(valuesOf(frames).map(({ name, labels, values }) => [`${name} ${labels.currency ?? ''}`.trim(), values[0]])),
        noticesIn(frames).join(),
      ];
    };
    const [euros, said] = await numbers(only('EUR'));
    expect(euros).toEqual({ 'spend EUR': 30, 'sales EUR': 90, impressions: 2006, purchases: 10, detail_page_views: 90, cvr: 0.5 });
    expect(said).toContain(
      'Some sales of these advertisers were made in USD, which the filter on currency leaves out; counts include them.',
    );
    const [dollars] = await numbers([{ dimension: 'currency', operator: '!=', values: ['EUR'] }]);
    expect(dollars).toEqual({
      'spend USD': 10,
      'sales USD': 50,
      impressions: 1004,
      purchases: 6,
      detail_page_views: 70,
      cvr: 0.6,
      'sales CAD': 8,
    });
  });

  it('leaves the rows of other advertisers out of breakdowns, and keeps what is hidden in its currency', async () => {
    const frames = await ask(
      { metrics: ['spend', 'impressions'], dimensions: ['campaign'], format: 'table', filters: only('EUR') },
      MARKETS,
    );
    expect(tableRows(frames[0])).toEqual([
      { campaign: 'Bär', 'spend EUR': 30, impressions: 2000 },
      { campaign: '(suppressed)', 'spend EUR': 0, impressions: 6 },
    ]);
  });

  it('tells accounts of one name apart by the currency of their rows', async () => {
    expect(
      valuesOf(await ask({ metrics: ['spend', 'clicks'], filters: only('USD') })).map(({ labels, values }) => [labels.currency, values[0]]),
    ).toEqual([
      ['USD', 19],
      // Of Acme's rows those in euros are its other account's; those without a currency may be either's.
      [undefined, 19],
    ]);
  });

  it('holds over the period before, also for who accounts nowhere in it', async () => {
    const frames = await world.ask(
      { metrics: ['clicks'], format: 'numeric', compare: 'previous_period', filters: only('EUR') },
      '2026-03-09',
      '2026-03-16',
      { instances: [LATER] },
    );
    expect(valuesOf(frames).map(({ name, values }) => [name, values[0]])).toEqual([
      ['clicks', 3],
      ['clicks (previous)', 8],
      ['clicks change', (3 - 8) / 8],
    ]);
  });

  it('answers counts of people by the advertiser, when one alone accounts in it', async () => {
    const reach = (currency: string) =>
      world.askAll(
        [{ metrics: ['reach'], format: 'numeric', filters: [{ dimension: 'currency', operator: '=', values: [currency] }] }],
        '2026-03-02',
        '2026-03-09',
        {
          instances: [MARKETS],
        },
      );
    await world.collect(MARKETS, 'reach_frequency', WEEK, WEEK);
    await world.serve(MARKETS, 'reach_frequency', WEEK, [
      { level: 'all', reach: 900, impressions: 3000 },
      { level: 'advertiser', advertiser: 'Acme', reach: 400, impressions: 1000 },
      { level: 'advertiser', advertiser: 'Bär', reach: 600, impressions: 2000 },
    ]);
    expect(valuesOf((await reach('EUR')).results.A?.frames ?? []).map(({ values }) => values[0])).toEqual([600]);
    expect((await reach('JPY')).results.A?.error).toMatch(/No advertiser of this instance accounts in the currency asked for/);
  });
});
