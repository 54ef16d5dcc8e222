import { UNKNOWN } from '../../../data/catalogue/tables.ts';
import type { MetricQueryInput } from '../../../contract/query.ts';
import { createWorld, noticesIn, tableRows, valuesOf, type FactRow, type World } from '@amc-reports/test-support/query/query-fixture.ts';

const NAME = 'Filters';
const WEEK = '2026-03-02';
const AWKWARD = [
  `O'Brien; DROP TABLE workspaces; --`,
  'Fifty% off_sale',
  'Back\\slash',
  'Ünïcödé 🌷',
  '"quoted", comma',
  '$1',
  `a' OR '1'='1`,
];
let world: World;

const row = (campaign: string, more: FactRow = {}): FactRow => ({
  source: campaign,
  day: WEEK,
  advertiser: 'Acme',
  ad_product: 'sponsored_products',
  campaign_id: campaign === UNKNOWN ? UNKNOWN : `id of ${campaign}`,
  campaign,
  currency: 'USD',
  clicks: 1,
  ...more,
});

beforeAll(async () => {
  world = await createWorld({ [NAME]: 'UTC' });
  await world.collect(NAME, 'campaign_performance', WEEK, WEEK);
  await world.serve(NAME, 'campaign_performance', WEEK, [
    ...AWKWARD.map((name) => row(name)),
    row('Plain', { ad_product: 'amazon_dsp' }),
    row(UNKNOWN, { clicks: 2 }),
  ]);
});
afterAll(() => world.close());

async function campaigns(...filters: NonNullable<MetricQueryInput['filters']>): Promise<unknown[]> {
  const [frame] = await world.ask({ metrics: ['clicks'], dimensions: ['campaign'], format: 'table', filters }, WEEK, '2026-03-09');
  return tableRows(frame)
    .map(({ campaign }) => campaign)
    .sort();
}
const is = (operator: '=' | '!=' | 'in' | 'not in' | 'contains', ...values: string[]) => ({ dimension: 'campaign', operator, values });
const sorted = (...names: string[]) => [...names].sort();

describe('a filter', () => {
  it('finds every awkward name as it is written', async () => {
    for (const name of AWKWARD) expect(await campaigns(is('=', name))).toEqual([name]);
    const { rows } = await world.store.pool.query('SELECT count(*)::int AS n FROM workspaces');
    expect(rows).toEqual([{ n: 1 }]);
  });

  it('knows =, !=, in, not in and contains', async () => {
    expect(await campaigns(is('in', 'Plain', '$1'))).toEqual(sorted('Plain', '$1'));
    expect(await campaigns(is('=', 'Plain', '$1'))).toEqual(sorted('Plain', '$1'));
    expect(await campaigns(is('!=', 'Plain'))).toEqual(sorted(...AWKWARD, '(unknown)'));
    expect(await campaigns(is('not in', ...AWKWARD))).toEqual(sorted('Plain', '(unknown)'));
    expect(await campaigns(is('contains', 'ÜNÏ'), is('contains', '🌷'))).toEqual(['Ünïcödé 🌷']);
  });

  it('takes % _ and backslash as letters', async () => {
    expect(await campaigns(is('contains', '%'))).toEqual(['Fifty% off_sale']);
    expect(await campaigns(is('contains', 'f_s'))).toEqual(['Fifty% off_sale']);
    expect(await campaigns(is('contains', '\\'))).toEqual(['Back\\slash']);
    expect(await campaigns(is('contains', 'plain'))).toEqual(['Plain']);
  });

  it('takes names as shown: unknown ones and the labels of the catalogue', async () => {
    expect(await campaigns(is('=', '(unknown)'))).toEqual(['(unknown)']);
    expect(await campaigns({ dimension: 'ad_product', operator: '=', values: ['Amazon DSP'] })).toEqual(['Plain']);
    expect(await campaigns({ dimension: 'ad_product', operator: '=', values: ['amazon_dsp'] })).toEqual(['Plain']);
    expect(await campaigns({ dimension: 'ad_product', operator: 'contains', values: ['zon ds'] })).toEqual(['Plain']);
    expect(await campaigns({ dimension: 'ad_product', operator: '!=', values: ['Amazon DSP'] })).not.toContain('Plain');
  });

  it('without values is none, and one that matches nothing says so', async () => {
    expect(await campaigns(is('in'))).toHaveLength(AWKWARD.length + 2);
    const frames = await world.ask(
      { metrics: ['clicks'], dimensions: ['campaign'], format: 'table', filters: [is('=', 'Nobody')] },
      WEEK,
      '2026-03-09',
    );
    expect(frames[0]?.data.values).toEqual([[], []]);
    expect(noticesIn(frames)[0]).toBe('Nothing matches the filters in this range.');
  });

  it('may hold five hundred values', async () => {
    const many = Array.from({ length: 499 }, (_, index) => `${'x'.repeat(490)}${index}`);
    expect(await campaigns(is('in', 'Plain', ...many))).toEqual(['Plain']);
    expect(await campaigns(is('not in', 'Plain', ...many))).toHaveLength(AWKWARD.length + 1);
    expect(await campaigns(is('contains', 'Plain', ...many))).toEqual(['Plain']);
  });

  it('refuses a NUL character and takes half a surrogate for a name nobody has', async () => {
    await expect(campaigns(is('=', 'a\0b'))).rejects.toThrow(/NUL character/);
    expect(await campaigns(is('=', '\ud83c'))).toEqual([]);
  });
});

describe('a name that is SQL', () => {
  it('is refused by the contract wherever a name may stand', async () => {
    const evil = 'clicks"; DROP TABLE workspaces; --';
    const bad: MetricQueryInput[] = [
      { metrics: [evil] },
      { metrics: ['clicks'], dimensions: [evil] },
      { metrics: ['clicks'], orderBy: { by: evil } },
      { metrics: ['clicks'], dataset: evil },
    ];
    for (const query of bad) await expect(world.askAll([query], WEEK, '2026-03-09')).rejects.toThrow(/must be lower-case letters/);
  });

  it('is refused as unknown where it has the form of a name', async () => {
    const { results } = await world.askAll(
      [
        { refId: 'metric', metrics: ['pg_sleep'] },
        { refId: 'dimension', metrics: ['clicks'], dimensions: ['row_key'] },
        { refId: 'filter', metrics: ['clicks'], filters: [{ dimension: 'instance_id', operator: '=', values: ['1'] }] },
        { refId: 'order', metrics: ['clicks'], dimensions: ['campaign'], orderBy: { by: 'random' } },
      ],
      WEEK,
      '2026-03-09',
    );
    expect(Object.values(results).map(({ status }) => status)).toEqual([400, 400, 400, 400]);
  });
});

describe('values shown', () => {
  it('keep quotes, commas and emoji', async () => {
    const frames = await world.ask(
      { metrics: ['clicks'], dimensions: ['campaign'], format: 'numeric', filters: [is('contains', 'quoted')] },
      WEEK,
      '2026-03-09',
    );
    expect(valuesOf(frames)).toEqual([{ name: 'clicks', labels: { campaign: '"quoted", comma' }, values: [1] }]);
  });
});
