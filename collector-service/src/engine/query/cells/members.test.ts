import { createWorld, noticesIn, tableRows, valuesOf, type World } from '@amc-reports/test-support/query/query-fixture.ts';
import { SUPPRESSED } from '../../../data/catalogue/tables.ts';
import { dimensionValues } from '../values/dimension-values.ts';

const NAME = 'Members';
let world: World;
const row = (day: string, id: string, campaign: string, clicks: number) => ({
  day,
  advertiser: 'Acme',
  ad_product: 'sponsored_products',
  campaign_id: id,
  campaign,
  currency: 'USD',
  source: 'clicks',
  clicks,
  impressions: clicks * 10,
});
const hidden = (day: string, clicks: number) => ({ ...row(day, SUPPRESSED, SUPPRESSED, clicks), filtered: true });

beforeAll(async () => {
  world = await createWorld({ [NAME]: 'UTC' });
  await world.collect(NAME, 'campaign_performance', '2026-03-02', '2026-03-09');
  await world.serve(NAME, 'campaign_performance', '2026-03-02', [
    row('2026-03-02', '1', 'Spring', 5),
    row('2026-03-02', '2', 'Twin', 2),
    row('2026-03-02', '3', 'Twin', 1),
    hidden('2026-03-02', 40),
  ]);
  await world.serve(NAME, 'campaign_performance', '2026-03-09', [row('2026-03-10', '1', 'Spring 2026', 7), hidden('2026-03-10', 60)]);
});
afterAll(() => world.close());

const ask = (query: object) => world.ask({ metrics: ['clicks'], format: 'table', ...query }, '2026-03-02', '2026-03-16');
const by = async (dimension: string, more: object = {}) =>
  tableRows((await ask({ dimensions: [dimension], ...more }))[0]).map((each) => [each[dimension], each.clicks]);

describe('a renamed campaign', () => {
  it('is one campaign with its newest name; two of one name are told apart by their ids', async () => {
    expect(await by('campaign')).toEqual([
      ['Spring 2026', 12],
      ['Twin (2)', 2],
      ['Twin (3)', 1],
      ['(suppressed)', 100],
    ]);
  });

  it('can be grouped by the name it had in each week', async () => {
    expect(await by('campaign_name', { orderBy: { by: 'campaign_name', direction: 'asc' } })).toEqual([
      ['Spring', 5],
      ['Spring 2026', 7],
      ['Twin', 3],
      ['(suppressed)', 100],
    ]);
  });

  it('is found by any of its names and by its id, and a former name is noted', async () => {
    for (const value of ['Spring', 'Spring 2026', '1']) {
      const frames = await ask({ dimensions: ['campaign'], filters: [{ dimension: 'campaign', operator: '=', values: [value] }] });
      expect([value, tableRows(frames[0]).map(({ clicks }) => clicks)]).toEqual([value, [12]]);
      expect(noticesIn(frames).includes("'Spring' is called 'Spring 2026' by now.")).toBe(value === 'Spring');
    }
    expect(await by('campaign', { filters: [{ dimension: 'campaign', operator: '!=', values: ['Spring'] }], rest: 'hide' })).toEqual([
      ['Twin (2)', 2],
      ['Twin (3)', 1],
    ]);
    expect(await by('campaign', { filters: [{ dimension: 'campaign', operator: 'contains', values: ['spring'] }] })).toEqual([
      ['Spring 2026', 12],
    ]);
  });

  it('is one value of a variable: its id, shown by its newest name', async () => {
    const { values } = await dimensionValues(
      { ...world.deps, scope: world.scope, signal: AbortSignal.timeout(20_000) },
      { dimension: 'campaign', limit: 10 },
    );
    expect(values).toEqual([
      { value: '1', label: 'Spring 2026' },
      { value: '2', label: 'Twin' },
      { value: '3', label: 'Twin' },
      { value: '(suppressed)', label: '(suppressed)' },
    ]);
  });

  it('is ordered by its newest name', async () => {
    const names = (await by('campaign', { orderBy: { by: 'campaign', direction: 'desc' } })).map(([name]) => name);
    expect(names).toEqual(['Twin (3)', 'Twin (2)', 'Spring 2026', '(suppressed)']);
  });
});

describe('what Amazon hid', () => {
  it('stands after a top n, and leaves when told to', async () => {
    expect(await by('campaign', { limit: 1, orderBy: { by: 'clicks' } })).toEqual([
      ['Spring 2026', 12],
      ['(suppressed)', 100],
    ]);
    const frames = await ask({ dimensions: ['campaign'], rest: 'hide' });
    expect(tableRows(frames[0]).map(({ campaign }) => campaign)).not.toContain('(suppressed)');
    expect(noticesIn(frames).join()).toMatch(/Amazon hides 87.0 % of Clicks at this level of detail, for privacy. It is left out here./);
  });

  it('is no label of an alert unless asked for', async () => {
    const labels = async (more: object) =>
      valuesOf(
        await world.ask({ metrics: ['clicks'], dimensions: ['campaign'], format: 'numeric', ...more }, '2026-03-02', '2026-03-16'),
      ).map(({ labels: { campaign } }) => campaign);
    expect(await labels({})).not.toContain('(suppressed)');
    expect(await labels({ latest: true })).toEqual(['Spring 2026']);
    expect(await labels({ rest: 'show' })).toContain('(suppressed)');
  });
});
