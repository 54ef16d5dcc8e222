import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { startTcpProxy, type TcpProxy } from '@amc-reports/test-support/tcp-proxy.ts';
import { openStore, type Store } from '../store.ts';
import { campaignFile, createMergeFixture, type MergeFixture } from '@amc-reports/test-support/store/merge-fixture.ts';
import { mergeWeek } from './merge-week.ts';
import { storedFiles } from './result-files.ts';

const WEEK = '2026-01-05';
const ROWS = 12_000;
let fixture: MergeFixture;
let proxy: TcpProxy;
let slow: Store;

beforeAll(async () => {
  fixture = await createMergeFixture();
  const url = new URL(fixture.url);
  proxy = await startTcpProxy({ host: url.hostname, port: Number(url.port) });
  url.port = String(proxy.port);
  url.hostname = '127.0.0.1';
  slow = await openStore(url.href);
});
afterAll(async () => {
  await slow.close();
  await proxy.close();
  await fixture.close();
});

const namesOf = (account: string): string[] => Array.from({ length: ROWS }, (_, index) => `${account} ${index} ${'·'.repeat(index % 40)}`);

test('files of many pieces merged side by side keep their rows and bytes, also where the connection is slower than the disk', async () => {
  proxy.behave({ latencyMs: 3 });
  const merges = await Promise.all(
    ['North', 'South', 'West'].map(async (account) => {
      const names = namesOf(account);
      const file = campaignFile(names.map((campaign, index) => ({ campaign, campaign_id: String(index), clicks: String(index % 10) })));
      expect(Buffer.byteLength(file)).toBeGreaterThan(1_000_000);
      const instance = await fixture.newInstance();
      return { names, file, instance, input: await instance.input(WEEK, [await fixture.part(file)]) };
    }),
  );
  await Promise.all(merges.map(({ input }) => slow.transaction((tx) => mergeWeek(tx, input))));
  expect(proxy.fired()).toBeGreaterThan(30 * merges.length);

  for (const { names, file, instance, input } of merges) {
    const { rows } = await fixture.store.pool.query<{ hash: string }>(
      `SELECT encode(sha256(string_agg(campaign_id || ' ' || campaign || ' ' || clicks, chr(10) ORDER BY campaign_id::int)::bytea), 'hex') AS hash
         FROM fact_campaign_performance_v1 WHERE instance_id = $1`,
      [instance.id],
    );
    const expected = names.map((campaign, index) => `${index} ${campaign} ${index % 10}`).join('\n');
    expect(rows[0]!.hash).toBe(createHash('sha256').update(expected).digest('hex'));
    expect((await keptFile(instance.id, input.runId)).equals(Buffer.from(file))).toBe(true);
  }
});

test('short files merged side by side keep their own rows, also where COPY is not yet ready for them', async () => {
  proxy.behave({ latencyMs: 3 });
  const all = Array.from({ length: 12 }, (_, index) => `Alone in ${index}`);
  const merges = await Promise.all(
    all.map(async (campaign) => {
      const instance = await fixture.newInstance();
      return { instance, campaign, input: await instance.input(WEEK, [await fixture.part(campaignFile([{ campaign }]))]) };
    }),
  );
  await Promise.all(merges.map(({ input }) => slow.transaction((tx) => mergeWeek(tx, input))));
  expect(proxy.fired()).toBeGreaterThan(merges.length);

  for (const { instance, campaign, input } of merges) {
    const { rows } = await fixture.store.pool.query<{ campaign: string }>(
      'SELECT campaign FROM fact_campaign_performance_v1 WHERE instance_id = $1',
      [instance.id],
    );
    expect(rows).toEqual([{ campaign }]);
    expect((await keptFile(instance.id, input.runId)).toString()).toBe(campaignFile([{ campaign }]));
  }
});

const keptFile = (instanceId: string, runId: string): Promise<Buffer> =>
  fixture.store.transaction(async (tx) => buffer((await storedFiles(tx, instanceId, runId))[0]!.open()));
