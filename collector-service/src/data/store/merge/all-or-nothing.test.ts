import { text } from 'node:stream/consumers';
import pg from 'pg';
import {
  campaignFile,
  createMergeFixture,
  type FileRow,
  type MergeFixture,
  type TestInstance,
} from '@amc-reports/test-support/store/merge-fixture.ts';
import { mergeWeek } from './merge-week.ts';
import { storedFiles } from './result-files.ts';

const WEEK = '2026-01-26';
const NEXT = '2026-02-02';
let fixture: MergeFixture;
let instance: TestInstance;

beforeAll(async () => {
  fixture = await createMergeFixture();
});
afterAll(() => fixture.close());
beforeEach(async () => {
  instance = await fixture.newInstance();
});

const rows = (count: number, more: FileRow = {}): FileRow[] =>
  Array.from({ length: count }, (_, index) => ({
    event_date: '2026-01-27',
    campaign_id: String(index),
    campaign: `Campaign ${index}`,
    ...more,
  }));

const query = async (sql: string, ...values: unknown[]): Promise<unknown[]> => (await fixture.store.pool.query(sql, values)).rows;
const factCount = (): Promise<unknown[]> =>
  query(
    'SELECT week::text, count(*)::int FROM fact_campaign_performance_v1 WHERE instance_id = $1 GROUP BY week ORDER BY week',
    instance.id,
  );
const raiseFence = (runId: string): Promise<unknown[]> => query('UPDATE week_runs SET fence = fence + 1 WHERE id = $1', runId);

/** Resolves when so many connections wait for a lock. */
async function someoneWaits(count = 1): Promise<void> {
  for (;;) {
    const found = await query(`SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`);
    if (found.length >= count) return;
  }
}

test('a worker whose run was taken over writes nothing', async () => {
  const input = await instance.input(WEEK, [await fixture.part(campaignFile(rows(3)))]);
  await raiseFence(input.runId);
  await expect(fixture.store.transaction((tx) => mergeWeek(tx, input))).rejects.toMatchObject({ code: 'lost_fence', kind: 'terminal' });
  expect(await factCount()).toEqual([]);
});

test('a run that is taken over in the middle of its merge is rolled back whole', async () => {
  await instance.merge(WEEK, campaignFile(rows(4)));
  const input = await instance.input(WEEK, [await fixture.part(campaignFile(rows(4, { clicks: '77' })))]);
  const blocker = new pg.Client(fixture.url);
  await blocker.connect();
  await blocker.query('BEGIN');
  await blocker.query('SELECT FROM report_data_weeks WHERE instance_id = $1 FOR UPDATE', [instance.id]);
  const merging = fixture.store.transaction((tx) => mergeWeek(tx, input));
  merging.catch(() => undefined);
  await someoneWaits();
  await raiseFence(input.runId);
  await blocker.query('COMMIT');
  await blocker.end();
  await expect(merging).rejects.toMatchObject({ code: 'lost_fence' });
  expect(await query('SELECT DISTINCT clicks::int FROM fact_campaign_performance_v1 WHERE instance_id = $1', instance.id)).toEqual([
    { clicks: 10 },
  ]);
  expect(await query('SELECT data_version::int FROM report_data_weeks WHERE instance_id = $1', instance.id)).toEqual([{ data_version: 1 }]);
});

test('nobody can take the run between its merge and the commit', async () => {
  const input = await instance.input(WEEK, [await fixture.part(campaignFile(rows(3)))]);
  const taking = await fixture.store.transaction(async (tx) => {
    await mergeWeek(tx, input);
    const takenOver = raiseFence(input.runId);
    await someoneWaits();
    return { takenOver };
  });
  await taking.takenOver;
  expect(await factCount()).toEqual([{ week: WEEK, count: 3 }]);
});

test.each(['after the rows', 'before the commit'])('a disk that is full %s leaves the week as it was', async (when) => {
  await instance.merge(WEEK, campaignFile(rows(4)));
  const input = await instance.input(WEEK, [await fixture.part(campaignFile(rows(5)))]);
  const diskFull = `DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '53100', MESSAGE = 'could not extend file: No space left on device'; END $$`;
  const merging = fixture.store.transaction(async (tx) => {
    if (when === 'after the rows') {
      const query = tx.query.bind(tx) as (...args: unknown[]) => Promise<unknown>;
      const failing = Object.create(tx, {
        query: { value: (...args: unknown[]) => query(...(String(args[0]).startsWith('INSERT INTO result_files') ? [diskFull] : args)) },
      }) as typeof tx;
      return mergeWeek(failing, input);
    }
    await mergeWeek(tx, input);
    return tx.query(diskFull);
  });
  await expect(merging).rejects.toMatchObject({
    code: 'disk_full',
    kind: 'transient',
    message: expect.stringContaining('free some space'),
  });
  expect(await factCount()).toEqual([{ week: WEEK, count: 4 }]);
  expect(
    await query('SELECT sum(clicks)::int AS clicks FROM rollup_campaign_performance_v1_total_month WHERE instance_id = $1', instance.id),
  ).toEqual([{ clicks: 40 }]);
  expect(await query('SELECT data_version::int, row_count::int FROM report_data_weeks WHERE instance_id = $1', instance.id)).toEqual([
    { data_version: 1, row_count: 4 },
  ]);
  expect(await instance.merge(WEEK, campaignFile(rows(5)))).toMatchObject({ rowsAdded: 1, changed: true });
});

test('two neighbouring weeks merged in overlapping transactions lose nothing of the month they share', async () => {
  const first = await instance.input(WEEK, [await fixture.part(campaignFile(rows(3, { event_date: '2026-02-01' })))]);
  const second = await instance.input(NEXT, [await fixture.part(campaignFile(rows(3, { event_date: '2026-02-02' })))]);
  const client = new pg.Client(fixture.url);
  await client.connect();
  await client.query('BEGIN');
  await mergeWeek(client as unknown as pg.PoolClient, first);
  await fixture.store.transaction((tx) => mergeWeek(tx, second));
  await client.query('COMMIT');
  await client.end();
  expect(
    await query(
      'SELECT bucket::text, sum(impressions)::int AS sum FROM rollup_campaign_performance_v1_total_month WHERE instance_id = $1 GROUP BY bucket',
      instance.id,
    ),
  ).toEqual([{ bucket: '2026-02-01', sum: 6000 }]);
});

test('two runs of one week merge one after the other; the later one wins whole', async () => {
  const first = await instance.input(WEEK, [await fixture.part(campaignFile(rows(3, { clicks: '1' })))]);
  const second = await instance.input(WEEK, [await fixture.part(campaignFile(rows(4, { clicks: '2' })))]);
  let later: Promise<unknown> = Promise.resolve();
  await fixture.store.transaction(async (tx) => {
    await mergeWeek(tx, first);
    later = fixture.store.transaction((other) => mergeWeek(other, second));
    later.catch(() => undefined);
    await someoneWaits();
  });
  expect(await later).toMatchObject({ rowsAdded: 1, rowsChanged: 3, dataVersion: '2' });
});

test('two runs of a served week merge one after the other: nothing of the earlier one is left that the later one lacks', async () => {
  await instance.merge(WEEK, campaignFile(rows(3)));
  const first = await instance.input(WEEK, [await fixture.part(campaignFile(rows(6, { clicks: '12' })))]);
  const second = await instance.input(WEEK, [await fixture.part(campaignFile(rows(4, { clicks: '11' })))]);
  // The earlier one is kept in the middle of its writing while the later one begins.
  const blocker = new pg.Client(fixture.url);
  await blocker.connect();
  await blocker.query('BEGIN');
  await blocker.query('SELECT FROM fact_campaign_performance_v1 WHERE instance_id = $1 FOR UPDATE', [instance.id]);
  const earlier = fixture.store.transaction((tx) => mergeWeek(tx, first));
  await someoneWaits();
  const later = fixture.store.transaction((tx) => mergeWeek(tx, second));
  await someoneWaits(2);
  await blocker.query('COMMIT');
  await blocker.end();
  await earlier;
  expect(await later).toMatchObject({ rowsAdded: 0, rowsChanged: 4, rowsVanished: 2, dataVersion: '3' });
  expect(await factCount()).toEqual([{ week: WEEK, count: 4 }]);
});

test('the accepted file is kept byte for byte, in chunks, and replaced with the next accepted one', async () => {
  const noise = Array.from({ length: 8_000 }, (_, index) => ({
    event_date: '2026-01-27',
    campaign_id: String(index),
    campaign: Array.from({ length: 25 }, Math.random).join(' '),
  }));
  const [file, second] = [campaignFile(noise.slice(0, 7_900)), campaignFile(noise.slice(7_900), { lineEnd: '\r\n' })];
  const input = await instance.input(WEEK, [await fixture.part(file), await fixture.part(second)]);
  await fixture.store.transaction((tx) => mergeWeek(tx, input));
  const stored = await fixture.store.transaction(async (tx) => {
    const files = await storedFiles(tx, instance.id, input.runId);
    const texts: string[] = [];
    for (const each of files) texts.push(await text(each.open()));
    return texts;
  });
  expect(stored).toEqual([file, second]);
  expect(
    await query(
      'SELECT count(*)::int AS chunks, max(length(packed)) AS longest FROM result_files WHERE instance_id = $1 AND part = 0',
      instance.id,
    ),
  ).toEqual([{ chunks: 2, longest: 1024 * 1024 }]);

  noise[0]!.campaign = 'renamed';
  const next = await instance.input(WEEK, [await fixture.part(campaignFile(noise))]);
  await fixture.store.transaction((tx) => mergeWeek(tx, next));
  expect(await query('SELECT DISTINCT run_id::text FROM result_files WHERE instance_id = $1', instance.id)).toEqual([
    { run_id: next.runId },
  ]);
});

test('a result file that disappears in the middle fails the merge and leaves nothing', async () => {
  const part = await fixture.part(campaignFile(rows(3)));
  const input = await instance.input(WEEK, [{ ...part, path: `${part.path}.gone` }]);
  await expect(fixture.store.transaction((tx) => mergeWeek(tx, input))).rejects.toMatchObject({ code: 'ENOENT' });
  expect(await factCount()).toEqual([]);
  expect(await instance.merge(WEEK, part)).toMatchObject({ rowsTotal: 3 });
});
