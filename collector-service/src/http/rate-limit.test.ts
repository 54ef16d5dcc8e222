import { createRateLimiter } from './rate-limit.ts';
import { createWorld, QUERY } from './testing/world.ts';

describe('A rate limit', () => {
  it('lets a burst through, then as many as flow in, for each key on its own', () => {
    let now = 0;
    const take = createRateLimiter({ burst: 3, perSecond: 2 }, () => now);
    const allowed = (key: string) => {
      try {
        take(key);
        return true;
      } catch {
        return false;
      }
    };
    expect([1, 2, 3, 4].map(() => allowed('a'))).toEqual([true, true, true, false]);
    expect(allowed('b')).toBe(true);
    now = 500;
    expect([1, 2].map(() => allowed('a'))).toEqual([true, false]);
    now = 1_000_000;
    expect([1, 2, 3, 4].map(() => allowed('a'))).toEqual([true, true, true, false]);
  });

  it('says when to come back', () => {
    const take = createRateLimiter({ burst: 1, perSecond: 0.5 }, () => 0);
    take('a');
    expect(() => take('a')).toThrow(expect.objectContaining({ code: 'rate_limited', status: 429, retryAfterMs: 2_000 }));
  });

  it('forgets keys that are full again, and keeps those that are not', () => {
    let now = 0;
    const take = createRateLimiter({ burst: 1, perSecond: 1 }, () => now);
    for (let i = 0; i < 10_000; i++) take(`key ${i}`);
    now = 5_000;
    take('late');
    take('another');
    expect(() => take('late')).toThrow('Too many requests');
  });
});

describe('The server', () => {
  it('counts queries, reads and actions apart, and per person', async () => {
    const world = await createWorld({ limits: { query: { burst: 2, perSecond: 0.01 }, write: { burst: 1, perSecond: 0.01 } } });
    try {
      const query = (identity?: string) => world.request('/v1/query', { json: QUERY, ...(identity !== undefined && { identity }) });
      expect([(await query()).status, (await query()).status]).toEqual([200, 200]);
      const refused = await query();
      expect(refused.status).toBe(429);
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(await refused.json()).toMatchObject({ code: 'rate_limited' });

      expect((await world.request('/v1/catalogue')).status).toBe(200);
      expect((await query(await world.grafana.sign({ username: 'ada' }))).status).toBe(200);
      expect((await query(await world.grafana.sign({ username: 'bob' }))).status).toBe(200);

      const act = () => world.request('/v1/collections/1/pause', { method: 'POST', token: world.tokens.editor });
      expect([(await act()).status, (await act()).status]).toEqual([404, 429]);
    } finally {
      await world.close();
    }
  });
});
