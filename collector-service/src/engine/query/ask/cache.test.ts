import { createQueryCache, type Rows } from './cache.ts';
import { campaignDay, createStory, US } from '@amc-reports/test-support/query/story-fixture.ts';
import { valuesOf, type World } from '@amc-reports/test-support/query/query-fixture.ts';

const rows = (text: string): Rows => [[text]];
const never = (): Promise<Rows> => Promise.reject(new Error('must not be loaded'));

describe('the cache', () => {
  it('keeps what was loaded and drops the least recently used beyond its entries', async () => {
    const cache = createQueryCache({ maxEntries: 2 });
    await cache.get('a', async () => rows('a'));
    await cache.get('b', async () => rows('b'));
    expect(await cache.get('a', never)).toEqual({ rows: rows('a'), cached: true });
    await cache.get('c', async () => rows('c'));
    expect(cache.entries).toBe(2);
    expect((await cache.get('a', never)).cached).toBe(true);
    expect((await cache.get('b', async () => rows('new'))).rows).toEqual(rows('new'));
  });

  it('stays under its bytes and keeps no answer that would push out most others', async () => {
    const cache = createQueryCache({ maxBytes: 10_000 });
    for (let index = 0; index < 50; index++) await cache.get(`k${index}`, async () => rows('x'.repeat(400)));
    expect(cache.bytes).toBeLessThanOrEqual(10_000);
    const before = cache.entries;
    await cache.get('huge', async () => rows('x'.repeat(100_000)));
    expect(cache.entries).toBe(before);
  });

  it('loads once what is asked for twice at once', async () => {
    const cache = createQueryCache();
    let loads = 0;
    let finish: (value: Rows) => void = () => undefined;
    const load = (): Promise<Rows> => {
      loads++;
      return new Promise((resolve) => (finish = resolve));
    };
    const both = [cache.get('a', load), cache.get('a', load)];
    finish(rows('a'));
    expect((await Promise.all(both)).map(({ cached }) => cached)).toEqual([false, true]);
    expect(loads).toBe(1);
  });

  it('lets a waiting caller load for itself when the first one fails, and keeps no failure', async () => {
    const cache = createQueryCache();
    const first = cache.get('a', () => Promise.reject(new Error('hung up')));
    const second = cache.get('a', async () => rows('second'));
    await expect(first).rejects.toThrow('hung up');
    expect(await second).toEqual({ rows: rows('second'), cached: false });
  });
});

describe('a cached answer', () => {
  let world: World;
  beforeAll(async () => {
    world = await createStory();
  });
  afterAll(() => world.close());

  const ask = async (metrics: string[], from = '2026-03-02', to = '2026-03-09', format: 'numeric' | 'table' = 'numeric') => {
    const frames = await world.ask({ metrics, format, grain: 'total' }, from, to, { instances: [US] });
    return { value: valuesOf(frames)[0]?.values[0], cached: frames[0]?.schema.meta.custom?.freshness.cached };
  };

  it('says so, and serves every format from the same rows', async () => {
    expect(await ask(['clicks'])).toEqual({ value: 137, cached: false });
    expect(await ask(['clicks'])).toEqual({ value: 137, cached: true });
    expect(await ask(['clicks'], '2026-03-02', '2026-03-09', 'table')).toEqual({ value: 137, cached: true });
  });

  it('is another one after a merge of one of its weeks, and stays after a merge of another week', async () => {
    await ask(['purchases']);
    await world.serve(
      US,
      'campaign_performance',
      '2026-03-09',
      campaignDay('2026-03-09', 'New', 'USD', { spend: 1, sales: 1, impressions: 1, clicks: 1, purchases: 1 }),
    );
    expect(await ask(['purchases'])).toEqual({ value: 10, cached: true });
    await world.serve(
      US,
      'campaign_performance',
      '2026-03-02',
      campaignDay('2026-03-02', 'New', 'USD', { spend: 1, sales: 1, impressions: 1, clicks: 1, purchases: 77 }),
    );
    expect(await ask(['purchases'])).toEqual({ value: 77, cached: false });
  });
});
