import type pg from 'pg';
import type { MetricQueryInput } from '../../../contract/query.ts';
import { createWorld, type World } from '@amc-reports/test-support/query/query-fixture.ts';
import { campaignDay } from '@amc-reports/test-support/query/story-fixture.ts';

const NAME = 'Acme';
const [FIRST, WEEK] = ['2026-03-02', '2026-03-09'];
let world: World;
beforeAll(async () => {
  world = await createWorld({ [NAME]: 'UTC' });
  await world.collect(NAME, 'campaign_performance', FIRST, WEEK);
  for (const week of [FIRST, WEEK])
    await world.serve(
      NAME,
      'campaign_performance',
      week,
      campaignDay(week, 'Spring', 'USD', { spend: 1, sales: 2, impressions: 10, clicks: 3, purchases: 1 }),
    );
});
afterAll(() => world.close());

/** What leaves together: statements sent before the answer to the first of them is there. */
async function journeys(query: MetricQueryInput): Promise<string[][]> {
  const { readers } = world.store;
  const sent: string[][] = [];
  const connect = async (): Promise<pg.PoolClient> => {
    const client = await readers.connect();
    let answered = true;
    const watched = (statement: string | { text: string }): Promise<unknown> => {
      const text = typeof statement === 'string' ? statement : statement.text;
      if (answered) sent.push([]);
      answered = false;
      sent.at(-1)!.push(/BEGIN|unnest|COMMIT|WITH whole|FROM rollup/.exec(text)![0]);
      return client.query(statement as string).finally(() => (answered = true));
    };
    return new Proxy(client, {
      get: (target, name) => {
        if (name === 'query') return watched;
        const value: unknown = Reflect.get(target, name);
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    });
  };
  const spied = { readers: { connect, options: readers.options } as pg.Pool };
  const frames = await world.ask(query, WEEK, '2026-03-16', { deps: { store: spied } });
  expect(frames[0]!.data.values.at(-1)).not.toEqual([]);
  return sent;
}

test.each<[string, MetricQueryInput, string[]]>([
  ['a series with dimensions', { metrics: ['spend'], dimensions: ['ad_product'], grain: 'day' }, ['FROM rollup', 'WITH whole']],
  [
    'a number beside the period before',
    { metrics: ['clicks'], format: 'numeric', compare: 'previous_period' },
    ['FROM rollup', 'FROM rollup'],
  ],
])('%s is answered after two round trips, and the connection given back in a third', async (_, query, statements) => {
  expect(await journeys(query)).toEqual([['BEGIN', 'unnest'], statements, ['COMMIT']]);
});

test('a comparison of ranked rows waits for the ranking', async () => {
  const query: MetricQueryInput = {
    metrics: ['clicks'],
    dimensions: ['campaign'],
    format: 'table',
    grain: 'total',
    limit: 1,
    compare: 'previous_period',
  };
  expect(await journeys(query)).toEqual([['BEGIN', 'unnest'], ['FROM rollup', 'WITH whole'], ['FROM rollup'], ['COMMIT']]);
});
