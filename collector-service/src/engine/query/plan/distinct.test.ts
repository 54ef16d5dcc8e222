import { createWorld, noticesIn, tableRows, valuesOf, type FactRow, type World } from '@amc-reports/test-support/query/query-fixture.ts';

const [A, B] = ['One', 'Two'];
let world: World;

const level = (name: string, dimensions: Record<string, string>, reach: number, impressions: number): FactRow => ({
  level: name,
  ...dimensions,
  reach,
  impressions,
});
const week = (scale: number): FactRow[] => [
  level('all', {}, 100 * scale, 1000),
  level('advertiser', { advertiser: 'Acme' }, 80 * scale, 700),
  level('advertiser', { advertiser: 'Zeta' }, 40 * scale, 300),
  level('ad_product', { ad_product: 'amazon_dsp' }, 90 * scale, 1000),
  level('campaign', { advertiser: 'Acme', ad_product: 'amazon_dsp', campaign_id: '1', campaign: 'Spring' }, 50 * scale, 400),
  level('campaign', { advertiser: 'Acme', ad_product: 'amazon_dsp', campaign_id: '2', campaign: 'Summer' }, 60 * scale, 300),
  level('frequency', { frequency_bucket: '1' }, 70 * scale, 70),
  level('frequency', { frequency_bucket: '2' }, 20 * scale, 40),
  level('frequency', { frequency_bucket: '10+' }, 10 * scale, 200),
];

beforeAll(async () => {
  world = await createWorld({ [A]: 'America/Los_Angeles', [B]: 'Europe/Berlin' });
  for (const name of [A, B]) {
    await world.collect(name, 'reach_frequency', '2026-03-02', '2026-03-09');
    await world.serve(name, 'reach_frequency', '2026-03-02', week(1));
    await world.serve(name, 'reach_frequency', '2026-03-09', week(2));
  }
});
afterAll(() => world.close());

const ask = (query: object, options: object = { instances: [A] }, to = '2026-03-16') =>
  world.ask({ metrics: ['reach'], grain: 'week', ...query }, '2026-03-02', to, options);

describe('a distinct count', () => {
  it('comes from the level with exactly the dimensions asked for', async () => {
    expect(valuesOf(await ask({ metrics: ['reach', 'frequency'] }))).toEqual([
      { name: 'reach', labels: { metric: 'reach' }, values: [100, 200] },
      { name: 'frequency', labels: { metric: 'frequency' }, values: [10, 5] },
    ]);
    expect(valuesOf(await ask({ dimensions: ['advertiser'] })).map(({ labels, values }) => [labels.advertiser, ...values])).toEqual([
      ['Acme', 80, 160],
      ['Zeta', 40, 80],
    ]);
  });

  it('comes from that level too when dimensions are pinned by a filter', async () => {
    expect(valuesOf(await ask({ filters: [{ dimension: 'advertiser', operator: '=', values: ['Zeta'] }] }))[0]?.values).toEqual([40, 80]);
    expect(
      valuesOf(await ask({ dimensions: ['advertiser'], filters: [{ dimension: 'advertiser', operator: 'in', values: ['Zeta', 'Acme'] }] })),
    ).toHaveLength(2);
  });

  it('comes in the order of the numbers that its groups begin with', async () => {
    const buckets = async (direction: string) =>
      tableRows(
        (
          await ask({ dimensions: ['frequency_bucket'], latest: true, format: 'table', orderBy: { by: 'frequency_bucket', direction } })
        )[0]!,
      ).map((row) => row.frequency_bucket);
    expect(await buckets('asc')).toEqual(['1', '2', '10+']);
    expect(await buckets('desc')).toEqual(['10+', '2', '1']);
  });

  it('is refused where it would have to be added, with the sets that can be asked for', async () => {
    await expect(ask({ dimensions: ['campaign'] })).rejects.toThrow(
      /counted for everything together; by advertiser; by ad_product; .*by advertiser \+ ad_product \+ campaign_id \+ campaign/,
    );
    await expect(ask({ filters: [{ dimension: 'advertiser', operator: 'in', values: ['Acme', 'Zeta'] }] })).rejects.toThrow(
      /cannot be added over several values of 'advertiser'/,
    );
    await expect(ask({ filters: [{ dimension: 'advertiser', operator: '!=', values: ['Acme'] }] })).rejects.toThrow(/several values/);
    await expect(ask({}, {})).rejects.toThrow(/cannot be added over instances/);
  });

  it('is answered for each instance apart', async () => {
    expect(valuesOf(await ask({ dimensions: ['instance'] }, {})).map(({ labels, values }) => [labels.instance, ...values])).toEqual([
      ['One', 100, 200],
      ['Two', 100, 200],
    ]);
  });

  it('is a total when the range holds one week, and the latest week when asked for', async () => {
    expect(valuesOf(await ask({ grain: 'total', format: 'numeric' }, undefined, '2026-03-09'))[0]?.values).toEqual([100]);
    expect(valuesOf(await ask({ grain: 'auto', format: 'numeric', latest: true }))[0]?.values).toEqual([200]);
  });

  it('never hides beside a sum: the sum is answered, the count is left out and said', async () => {
    const frames = await ask({ metrics: ['reach', 'frequency', 'reach_impressions'], grain: 'total', format: 'table' });
    expect(tableRows(frames[0])).toEqual([{ reach_impressions: 2000 }]);
    expect(noticesIn(frames)[0]).toMatch(
      /^Reach counts people, who cannot be added over weeks, and no execution covers exactly 2026-03-02 to 2026-03-15/,
    );
  });

  it('is null rather than added when a level holds a key twice', async () => {
    await world.serve(B, 'reach_frequency', '2026-03-09', [...week(2), level('all', {}, 5, 10)]);
    expect(valuesOf(await ask({ metrics: ['reach'] }, { instances: [B] }))[0]?.values).toEqual([100, null]);
  });
});

describe('a sum in a dataset with levels', () => {
  it('counts one level only, the exact one or the smallest that has the dimensions', async () => {
    expect(valuesOf(await ask({ metrics: ['reach_impressions'] }))[0]?.values).toEqual([1000, 1000]);
    expect(
      valuesOf(await ask({ metrics: ['reach_impressions'], dimensions: ['campaign'] })).map(({ labels, values }) => [
        labels.campaign,
        ...values,
      ]),
    ).toEqual([
      ['Spring', 400, 400],
      ['Summer', 300, 300],
    ]);
  });

  it('is refused when no level has its dimensions together', async () => {
    await expect(ask({ metrics: ['reach_impressions'], dimensions: ['campaign', 'frequency_bucket'] })).rejects.toThrow(
      /has no rows with these dimensions together; it counts for everything together; by advertiser;/,
    );
  });

  it('has no currency to be broken down by', async () => {
    await expect(ask({ metrics: ['reach_impressions'], dimensions: ['currency'] })).rejects.toThrow(/holds no money/);
  });
});
