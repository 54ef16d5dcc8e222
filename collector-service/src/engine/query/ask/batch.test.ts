import { pino } from 'pino';
import type { MetricQueryInput } from '../../../contract/query.ts';
import { createWorld, noticesIn, valuesOf, type World } from '@amc-reports/test-support/query/query-fixture.ts';
import { campaignDay } from '@amc-reports/test-support/query/story-fixture.ts';

const NAME = 'Acme';
const WEEK = '2026-03-02';
let world: World;
beforeAll(async () => {
  world = await createWorld({ [NAME]: 'UTC' });
  await world.collect(NAME, 'campaign_performance', WEEK, '2026-03-09');
});
afterAll(() => world.close());

const clicks: MetricQueryInput = { metrics: ['clicks'], format: 'numeric' };

describe('an answer before there are data', () => {
  it('says that nothing was collected, that no week is finished, and then that the range is elsewhere', async () => {
    const why = async (query: object, from = WEEK, to = '2026-03-16') => noticesIn(await world.ask({ ...clicks, ...query }, from, to))[0];
    expect(await why({ metrics: ['reach'] })).toBe('Reach and frequency is not collected yet for this instance. Start a collection.');
    expect(await why({})).toBe('The collection has not finished any week yet.');
    await world.serve(
      NAME,
      'campaign_performance',
      WEEK,
      campaignDay(WEEK, 'Spring', 'USD', { spend: 1, sales: 2, impressions: 10, clicks: 3, purchases: 1 }),
    );
    expect(await why({}, '2025-01-01', '2025-02-01')).toBe('Nothing was collected in this range: data run from 2026-03-02 to 2026-03-15.');
    expect(await why({}, '2026-03-03', '2026-03-05')).toBe('There is nothing in this range.');
    expect(await why({ format: 'timeseries', grain: 'week' }, '2026-03-03', '2026-03-08')).toBe(
      'No whole week that is collected lies in this range (2026-03-03 to 2026-03-07); data run from 2026-03-02 to 2026-03-15. Widen the range, or ask by day or for the total.',
    );
    expect(await why({ format: 'timeseries', grain: 'month' }, '2026-03-01', '2026-04-01')).toMatch(
      /^No month of this range is collected completely/,
    );
  });

  it('tells which weeks are missing, those after the collection ended among them', async () => {
    const frames = await world.ask({ ...clicks }, '2026-02-02', '2026-04-01');
    expect(frames[0]?.schema.meta.custom?.freshness).toMatchObject({
      weeksExpected: 3,
      weeksMissing: ['2026-03-09', '2026-03-16'],
      completeUntil: '2026-03-09',
    });
    expect(noticesIn(frames)).toContain('2 of 3 weeks are missing: 2026-03-09, 2026-03-16.');
    expect(frames[0]?.schema.meta.custom?.explain.days).toEqual({ from: '2026-03-02', to: '2026-03-08' });
  });
});

describe('a batch', () => {
  it('answers good queries beside bad ones and suggests names', async () => {
    const { results } = await world.askAll(
      [
        { refId: 'bad', metrics: ['clickz'] },
        { refId: 'good', ...clicks },
      ],
      WEEK,
      '2026-03-09',
    );
    expect(results.bad).toMatchObject({ status: 400, errorSource: 'downstream', error: expect.stringContaining(`'clicks'`) });
    expect(valuesOf(results.good!.frames!)[0]?.values).toEqual([3]);
  });

  it('goes on in a new transaction when a statement fails, and blames the collector for its own failures', async () => {
    const table = 'rollup_campaign_performance_v2_product_week';
    const log: string[] = [];
    const logger = pino({}, { write: (line: string) => void log.push(line) });
    await world.store.pool.query(`ALTER TABLE ${table} RENAME TO hidden`);
    try {
      const { results } = await world.askAll(
        [
          { refId: 'broken', ...clicks, dimensions: ['ad_product'] },
          { refId: 'good', ...clicks, metrics: ['units'] },
        ],
        WEEK,
        '2026-03-09',
        { deps: { logger } },
      );
      expect(results.broken).toEqual({
        status: 500,
        error: 'The collector failed to answer this query; its log says why.',
        errorSource: 'plugin',
      });
      expect(results.good?.status).toBe(200);
      expect(log).toEqual([expect.stringContaining('A metric query failed')]);
    } finally {
      await world.store.pool.query(`ALTER TABLE hidden RENAME TO ${table}`);
    }
  });

  it('gives up a statement that takes too long and answers the next query', async () => {
    const lock = await world.store.pool.connect();
    await lock.query('BEGIN; LOCK TABLE rollup_campaign_performance_v2_product_week IN ACCESS EXCLUSIVE MODE');
    try {
      const { results } = await world.askAll(
        [
          { refId: 'slow', ...clicks, dimensions: ['ad_product'], limit: 7 },
          { refId: 'next', ...clicks, metrics: ['impressions'] },
        ],
        WEEK,
        '2026-03-09',
        { deps: { timeoutMs: 3_000 } },
      );
      expect(results.slow).toMatchObject({ status: 504, errorSource: 'downstream' });
      expect(results.next?.status).toBe(200);
    } finally {
      await lock.query('ROLLBACK');
      lock.release();
    }
  });

  it('stops at once when the caller hangs up, and gives its connection back', async () => {
    const lock = await world.store.pool.connect();
    await lock.query('BEGIN; LOCK TABLE rollup_campaign_performance_v2_product_week IN ACCESS EXCLUSIVE MODE');
    const hangUp = new AbortController();
    const asking = world.askAll([{ ...clicks, dimensions: ['ad_product'], limit: 8 }], WEEK, '2026-03-09', { signal: hangUp.signal });
    const waiting = async () =>
      (
        await lock.query<{ n: number }>(
          `SELECT count(*)::int AS n FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`,
        )
      ).rows[0]!.n;
    while ((await waiting()) === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    hangUp.abort(new Error('hung up'));
    await expect(asking).rejects.toThrow('hung up');
    await lock.query('ROLLBACK');
    lock.release();
    expect((await world.askAll([{ ...clicks, dimensions: ['ad_product'], limit: 8 }], WEEK, '2026-03-09')).results.A?.status).toBe(200);
  });

  it('is not begun when the caller hung up before', async () => {
    await expect(world.askAll([clicks], WEEK, '2026-03-09', { signal: AbortSignal.abort(new Error('gone')) })).rejects.toThrow('gone');
  });

  it('refuses two queries with one refId, whose answers could not be told apart', async () => {
    await expect(world.askAll([clicks, clicks], WEEK, '2026-03-09')).rejects.toMatchObject({ code: 'invalid_request', status: 400 });
  });

  it('takes ranges of any size', async () => {
    const { results } = await world.askAll(
      [{ ...clicks }, { refId: 'B', metrics: ['clicks'], grain: 'day' }],
      '0000-01-01T00:00:00Z',
      '+275000-01-01T00:00:00Z',
    );
    expect(valuesOf(results.A!.frames!)[0]?.values).toEqual([3]);
    expect(results.B!.frames![0]!.data.values[0]).toHaveLength(7);
    const { results: about } = await world.askAll(
      [{ queryType: 'freshness' }, { refId: 'B', queryType: 'restatements' }],
      '0000-01-01T00:00:00Z',
      '+275000-01-01T00:00:00Z',
    );
    expect(Object.values(about).map(({ status }) => status)).toEqual([200, 200]);
  });
});
