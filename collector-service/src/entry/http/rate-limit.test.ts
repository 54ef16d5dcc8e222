import { createRateLimiter } from './rate-limit.ts';
import { Registry } from 'prom-client';
import { createHttpServer } from './server.ts';
import { createWorld, QUERY } from '@amc-reports/test-support/http/world.ts';

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

  it('counts actions in the database: two processes that answer HTTP allow together what one would', async () => {
    const limits = { write: { burst: 6, perSecond: 0.01 } };
    const world = await createWorld({ limits });
    const second = createHttpServer({ ...world.deps, limits, registry: new Registry() });
    try {
      const { url } = await second.listen();
      const act = (base: string) =>
        fetch(`${base}/v1/collections/1/pause`, { method: 'POST', headers: { authorization: `Bearer ${world.tokens.editor}` } });
      const answers = await Promise.all(Array.from({ length: 12 }, (_, index) => act(index % 2 === 0 ? world.url : url)));
      expect(answers.filter(({ status }) => status === 404)).toHaveLength(6);
      const refused = answers.filter(({ status }) => status === 429);
      expect(refused).toHaveLength(6);
      for (const { headers } of refused) expect(Number(headers.get('retry-after'))).toBeGreaterThan(50);
    } finally {
      await second.close();
      await world.close();
    }
  });

  it('allows everybody behind one token five times what it allows one of them', async () => {
    const world = await createWorld({ limits: { read: { burst: 1, perSecond: 0.01 }, write: { burst: 1, perSecond: 0.01 } } });
    try {
      const by = async (name: string, path: string, method: string) =>
        (await world.request(path, { method, identity: await world.grafana.sign({ username: name }) })).status;
      for (const [path, method, answer] of [
        ['/v1/catalogue', 'GET', 200],
        ['/v1/collections/1/pause', 'POST', 404],
      ] as const) {
        const statuses = [];
        for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) statuses.push(await by(name, path, method));
        expect(statuses).toEqual([answer, answer, answer, answer, answer, 429]);
      }
    } finally {
      await world.close();
    }
  });
});
