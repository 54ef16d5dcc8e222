import type { DimensionValuesRequest } from './values-statement.ts';
import { dimensionValues } from './dimension-values.ts';
import { createStory, DE, US } from '@amc-reports/test-support/query/story-fixture.ts';
import type { World } from '@amc-reports/test-support/query/query-fixture.ts';

let world: World;
beforeAll(async () => {
  world = await createStory();
  await world.collect(US, 'reach_frequency', '2026-03-02', '2026-03-02');
  await world.serve(US, 'reach_frequency', '2026-03-02', [
    { level: 'frequency', frequency_bucket: '10+', reach: 1 },
    { level: 'frequency', frequency_bucket: '1', reach: 5 },
    { level: 'advertiser', advertiser: 'Only in reach', reach: 5 },
  ]);
});
afterAll(() => world.close());

const values = async (request: Partial<DimensionValuesRequest> & { dimension: string }, scope = world.scope) => {
  const answer = await dimensionValues({ ...world.deps, scope, signal: AbortSignal.timeout(20_000) }, { limit: 100, ...request });
  return { names: answer.values.map(({ label }) => label), ...answer };
};

describe('values of a dimension', () => {
  it('come by name, hidden ones last, with the value to send and the text to show', async () => {
    expect((await values({ dimension: 'campaign' })).names).toEqual(['Always on', 'DSP Reach', 'Frühling, "neu" 🌷', '(suppressed)']);
    expect((await values({ dimension: 'ad_product' })).values).toEqual([
      { value: 'amazon_dsp', label: 'Amazon DSP' },
      { value: 'sponsored_products', label: 'Sponsored Products' },
    ]);
  });

  it('are searched in any case, by label too, and cut with a word about it', async () => {
    expect((await values({ dimension: 'campaign', search: 'FRÜH' })).names).toEqual(['Frühling, "neu" 🌷']);
    expect((await values({ dimension: 'campaign', search: '%' })).names).toEqual([]);
    expect((await values({ dimension: 'ad_product', search: 'zon d' })).names).toEqual(['Amazon DSP']);
    expect(await values({ dimension: 'campaign', limit: 1 })).toMatchObject({ names: ['Always on'], truncated: true });
  });

  it('follow what other variables chose, and the range', async () => {
    const filters = [{ dimension: 'ad_product', operator: '=' as const, values: ['Amazon DSP'] }];
    expect((await values({ dimension: 'campaign', filters })).names).toEqual(['DSP Reach']);
    expect((await values({ dimension: 'advertiser', filters: [{ dimension: 'instance', operator: '=', values: [DE] }] })).names).toEqual([
      'Acme GmbH',
    ]);
    expect((await values({ dimension: 'campaign', from: 0, to: Date.parse('2025-01-01') })).names).toEqual([]);
  });

  it('follow the currency: only advertisers that account in it, and their campaigns', async () => {
    const inCurrency = async (dimension: string, currency: string) =>
      (await values({ dimension, filters: [{ dimension: 'currency', operator: '=', values: [currency] }] })).names;
    expect(await inCurrency('advertiser', 'EUR')).toEqual(['Acme GmbH']);
    expect(await inCurrency('campaign', 'EUR')).toEqual(['Always on', 'Frühling, "neu" 🌷', '(suppressed)']);
    expect(await inCurrency('campaign', 'USD')).toEqual(['Always on', 'DSP Reach', '(suppressed)']);
    expect(await inCurrency('campaign', 'JPY')).toEqual([]);
    expect(await inCurrency('currency', 'EUR')).toEqual(['EUR']);
  });

  it('know instances and currencies', async () => {
    expect((await values({ dimension: 'instance' })).values).toEqual([
      { value: 'amcacmede', label: DE },
      { value: 'amcacmeus', label: US },
    ]);
    expect((await values({ dimension: 'instance', search: 'us', limit: 1 })).names).toEqual([US]);
    expect((await values({ dimension: 'currency' })).names).toEqual(['EUR', 'USD']);
  });

  it('come from the smallest level of a dataset with levels', async () => {
    expect((await values({ dimension: 'frequency_bucket' })).names).toEqual(['1', '10+']);
    expect((await values({ dimension: 'advertiser', dataset: 'reach_frequency' })).names).toEqual(['Only in reach']);
  });

  it('are those of the scope alone', async () => {
    const scope = { workspaceId: world.scope.workspaceId, instances: [world.instance(DE)] };
    expect((await values({ dimension: 'campaign' }, scope)).names).not.toContain('DSP Reach');
    expect((await values({ dimension: 'instance' }, scope)).names).toEqual([DE]);
  });

  it('are refused with suggestions for an unknown dimension or dataset, and for hostile text', async () => {
    await expect(values({ dimension: 'campain' })).rejects.toMatchObject({
      code: 'unknown_dimension',
      details: { suggestions: expect.arrayContaining(['campaign']) },
    });
    await expect(values({ dimension: 'campaign', dataset: 'nothing' })).rejects.toMatchObject({ code: 'unknown_dataset' });
    await expect(values({ dimension: 'currency', dataset: 'reach_frequency' })).rejects.toMatchObject({ code: 'unknown_dimension' });
    await expect(values({ dimension: 'campaign"; DROP TABLE x; --' })).rejects.toMatchObject({ code: 'unknown_dimension' });
    await expect(values({ dimension: 'campaign', search: 'a\0' })).rejects.toMatchObject({ code: 'invalid_request' });
    await expect(
      values({ dimension: 'campaign', filters: [{ dimension: 'frequency_bucket', operator: '=', values: ['1'] }] }),
    ).rejects.toMatchObject({ code: 'no_answer' });
  });
});
