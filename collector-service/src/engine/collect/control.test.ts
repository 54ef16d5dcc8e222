import { claimWeek } from './claim.ts';
import { cancel, pause, resume, retryWeek, type Actor } from './control.ts';
import { createCollection } from './plan.ts';
import { collectionDetail, listCollections } from './read.ts';
import { collectionDetailSchema, collectionSchema } from '../../contract/collections.ts';
import { weekSchema } from '../../contract/weeks.ts';
import { createCollectDatabase, insertInstance, type CollectDatabase } from '@amc-reports/test-support/collect/database.ts';

const clock = () => new Date();
let database: CollectDatabase;
let actor: Actor;
let id: string;
let instanceId: string;
let weeks: string[];
let made = 0;

beforeAll(async () => {
  database = await createCollectDatabase();
});
afterAll(() => database.drop());

beforeEach(async () => {
  const amcInstanceId = `amc${++made}`;
  instanceId = (await insertInstance(database, { amcInstanceId })).id;
  actor = { scope: { workspaceId: database.workspaceId, instanceIds: [instanceId] }, person: 'ada' };
  const deps = { store: database.store, catalogue: database.catalogue, clock };
  const collection = await createCollection(deps, {
    workspaceId: database.workspaceId,
    instance: amcInstanceId,
    dataset: 'campaign_performance',
    weeks: 5,
    createdBy: 'ada',
  });
  id = collection.id;
  await query('UPDATE report_data_collections SET validated_at = now() WHERE id = $1', id);
  weeks = (await query<{ week: string }>('SELECT week::text AS week FROM week_runs WHERE collection_id = $1 ORDER BY week', id)).map(
    (row) => row.week,
  );
});

const query = async <T>(sql: string, ...values: unknown[]): Promise<T[]> => (await database.store.pool.query(sql, values)).rows as T[];
const setRun = (week: string, state: string) =>
  query('UPDATE week_runs SET state = $3 WHERE collection_id = $1 AND week = $2', id, week, state);
const audit = () =>
  query<{ action: string; person: string }>('SELECT action, person FROM audit_log WHERE subject = $1 ORDER BY id', `collection ${id}`);
const claim = () => claimWeek(database.store, { owner: 'test', leaseMs: 30_000 });

test('pause takes effect at the next claim, resume undoes it, and both are on record', async () => {
  expect(await pause(database.store, actor, id)).toMatchObject({ state: 'paused' });
  expect(await claim()).toBeUndefined();
  expect(await pause(database.store, actor, id)).toMatchObject({ state: 'paused' });
  expect(await resume(database.store, actor, id)).toMatchObject({ state: 'running' });
  expect(await claim()).toMatchObject({ collectionId: id });
  expect((await audit()).map((row) => row.action)).toEqual([
    'collection.create',
    'collection.pause',
    'collection.pause',
    'collection.resume',
  ]);
  expect(await query('SELECT FROM collection_events WHERE collection_id = $1 AND week IS NULL', id)).toHaveLength(4);
});

test('cancel skips what waits, keeps what Amazon computes until it is cancelled there, and is final', async () => {
  await setRun(weeks[0]!, 'running');
  await setRun(weeks[1]!, 'done');
  await setRun(weeks[2]!, 'downloading');
  const cancelled = await cancel(database.store, actor, id);
  expect(cancelled).toMatchObject({ state: 'cancelled', weeks: { running: 1, done: 1, skipped: 3, planned: 0 } });
  await expect(resume(database.store, actor, id)).rejects.toMatchObject({ code: 'conflict', status: 409 });
  await expect(pause(database.store, actor, id)).rejects.toMatchObject({ code: 'conflict' });
  await expect(retryWeek(database.store, clock, actor, id, weeks[2]!)).rejects.toMatchObject({ code: 'conflict' });
});

test('a stopped collection keeps Amazon’s reason until it is resumed', async () => {
  await query(`UPDATE report_data_collections SET state = 'stopped', stop_reason = 'no such table' WHERE id = $1`, id);
  await expect(pause(database.store, actor, id)).rejects.toMatchObject({ message: expect.stringContaining('no such table') });
  expect(await resume(database.store, actor, id)).toMatchObject({ state: 'running', stopReason: null });
});

test.each(['failed', 'held', 'done', 'skipped'])(
  'retrying a %s week plans a new run ahead of all others and keeps what is served',
  async (state) => {
    await setRun(weeks[3]!, state);
    await query(
      'UPDATE report_data_weeks SET accepted_run_id = 1, data_version = 1, row_count = 7, collected_at = now() WHERE instance_id = $1 AND week = $2',
      instanceId,
      weeks[3],
    );
    const week = await retryWeek(database.store, clock, actor, id, weeks[3]!);
    expect(weekSchema.parse(week)).toMatchObject({ week: weeks[3], state: 'planned', served: true, rows: 7, dataVersion: 1 });
    expect(await claim()).toMatchObject({ week: weeks[3] });
    expect((await audit()).at(-1)).toEqual({ action: 'collection.retryWeek', person: 'ada' });
  },
);

test('retrying twice, or a week already in line, gives one run at the head of the line', async () => {
  await query(`UPDATE week_runs SET not_before = now() + interval '1 day' WHERE collection_id = $1`, id);
  await retryWeek(database.store, clock, actor, id, weeks[4]!);
  await retryWeek(database.store, clock, actor, id, weeks[4]!);
  expect(await query('SELECT FROM week_runs WHERE collection_id = $1 AND week = $2', id, weeks[4])).toHaveLength(1);
  expect(await claim()).toMatchObject({ week: weeks[4] });
  await expect(retryWeek(database.store, clock, actor, id, weeks[4]!)).rejects.toMatchObject({ code: 'conflict' });
});

test.each([
  ['2020-01-06', 'not_found'],
  ['2025-01-07', 'invalid_request'],
  ["2025-01-06'; DROP TABLE week_runs; --", 'invalid_request'],
])('retrying the week %s is answered with %s', async (week, code) => {
  await expect(retryWeek(database.store, clock, actor, id, week)).rejects.toMatchObject({ code });
});

test('what lies outside the caller’s scope does not exist', async () => {
  const stranger: Actor = { scope: { workspaceId: database.workspaceId, instanceIds: [] }, person: 'eve' };
  const otherWorkspace: Actor = { scope: { workspaceId: '999999' }, person: 'eve' };
  for (const outsider of [stranger, otherWorkspace]) {
    for (const action of [pause, resume, cancel])
      await expect(action(database.store, outsider, id)).rejects.toMatchObject({ code: 'not_found', status: 404 });
    await expect(retryWeek(database.store, clock, outsider, id, weeks[0]!)).rejects.toMatchObject({ code: 'not_found' });
    await expect(collectionDetail(database.store, clock, outsider.scope, id)).rejects.toMatchObject({ code: 'not_found' });
    expect(await listCollections(database.store, outsider.scope)).toEqual([]);
  }
  expect(await audit()).toHaveLength(1);
});

test('lists and details have the form of the contract, and a week shows its newest run', async () => {
  await setRun(weeks[0]!, 'failed');
  await query(
    `UPDATE week_runs SET error_code = 'execution_failed', error_message = 'out of memory', error_at = now() WHERE collection_id = $1 AND week = $2`,
    id,
    weeks[0],
  );
  const [listed] = await listCollections(database.store, actor.scope);
  expect(collectionSchema.parse(listed)).toEqual(listed);
  const detail = await collectionDetail(database.store, clock, actor.scope, id);
  expect(collectionDetailSchema.parse(detail)).toEqual(detail);
  expect(detail).toMatchObject({
    state: 'running',
    timeZone: 'America/Los_Angeles',
    weeksTotal: 5,
    datasetTitle: 'Campaign performance',
    weeks: { failed: 1, planned: 4 },
  });
  expect(detail.weekList[0]).toMatchObject({
    week: weeks[0],
    state: 'failed',
    served: false,
    error: { code: 'execution_failed', message: 'out of memory' },
  });
  await retryWeek(database.store, clock, actor, id, weeks[0]!);
  expect((await collectionDetail(database.store, clock, actor.scope, id)).weekList[0]).toMatchObject({ state: 'planned', error: null });
});

test('a collection is complete when every week is done or skipped, and runs again when a week is retried', async () => {
  for (const week of weeks.slice(1)) await setRun(week, 'done');
  await setRun(weeks[0]!, 'failed');
  expect(await listCollections(database.store, actor.scope)).toMatchObject([{ state: 'running' }]);
  await setRun(weeks[0]!, 'skipped');
  expect(await listCollections(database.store, actor.scope)).toMatchObject([{ state: 'complete' }]);
  await retryWeek(database.store, clock, actor, id, weeks[1]!);
  expect(await listCollections(database.store, actor.scope)).toMatchObject([{ state: 'running' }]);
});
