import { claimWeek } from '../claim.ts';
import { cancelCollection } from './cancel.ts';
import { confirmWeek } from './confirm-week.ts';
import { pauseCollection } from './pause.ts';
import { resumeCollection } from './resume.ts';
import type { PlanContext } from './plan.ts';
import { retryWeek } from './retry-week.ts';
import { createCollection } from './create.ts';
import { collectionDetail, listCollections } from './read.ts';
import { collectionDetailSchema, collectionSchema } from '../../../contract/collections.ts';
import { ERRORS } from '../../../contract/errors.ts';
import { weekSchema } from '../../../contract/weeks.ts';
import { testContext } from '@amc-reports/test-support/collect/context.ts';
import { createCollectDatabase, insertInstance, type CollectDatabase } from '@amc-reports/test-support/collect/database.ts';

let database: CollectDatabase;
let ctx: PlanContext;
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
  ctx = testContext(database, { instanceIds: [instanceId] });
  const collection = await createCollection(ctx, { instance: amcInstanceId, dataset: 'campaign_performance', weeks: 5 });
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
  expect(await pauseCollection(ctx, { id })).toMatchObject({ state: 'paused' });
  expect(await claim()).toBeUndefined();
  expect(await pauseCollection(ctx, { id })).toMatchObject({ state: 'paused' });
  expect(await resumeCollection(ctx, { id })).toMatchObject({ state: 'running' });
  expect(await claim()).toMatchObject({ collectionId: id });
  expect((await audit()).map((row) => row.action)).toEqual([
    'collection.create',
    'collection.pause',
    'collection.pause',
    'collection.resume',
  ]);
  expect(await query("SELECT FROM outbox WHERE kind = 'collection' AND subject = $1", id)).toHaveLength(4);
});

test('cancel skips what waits, keeps what Amazon computes until it is cancelled there, and is final', async () => {
  await setRun(weeks[0]!, 'running');
  await setRun(weeks[1]!, 'done');
  await setRun(weeks[2]!, 'downloading');
  const cancelled = await cancelCollection(ctx, { id });
  expect(cancelled).toMatchObject({ state: 'cancelled', weeks: { running: 1, done: 1, skipped: 3, planned: 0 } });
  await expect(resumeCollection(ctx, { id })).rejects.toMatchObject({ code: 'conflict', status: 409 });
  await expect(pauseCollection(ctx, { id })).rejects.toMatchObject({ code: 'conflict' });
  await expect(retryWeek(ctx, { id, week: weeks[2]! })).rejects.toMatchObject({ code: 'conflict' });
});

test('a stopped collection keeps Amazon’s reason until it is resumed', async () => {
  await query(`UPDATE report_data_collections SET state = 'stopped', stop_reason = 'no such table' WHERE id = $1`, id);
  await expect(pauseCollection(ctx, { id })).rejects.toMatchObject({ message: expect.stringContaining('no such table') });
  expect(await resumeCollection(ctx, { id })).toMatchObject({ state: 'running', stopReason: null });
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
    const week = await retryWeek(ctx, { id, week: weeks[3]! });
    expect(weekSchema.parse(week)).toMatchObject({ week: weeks[3], state: 'planned', served: true, rows: 7, dataVersion: 1 });
    expect(await claim()).toMatchObject({ week: weeks[3] });
    expect((await audit()).at(-1)).toEqual({ action: 'collection.retryWeek', person: 'ada' });
  },
);

test('retrying twice, or a week already in line, gives one run at the head of the line', async () => {
  await query(`UPDATE week_runs SET not_before = now() + interval '1 day' WHERE collection_id = $1`, id);
  await retryWeek(ctx, { id, week: weeks[4]! });
  await retryWeek(ctx, { id, week: weeks[4]! });
  expect(await query('SELECT FROM week_runs WHERE collection_id = $1 AND week = $2', id, weeks[4])).toHaveLength(1);
  expect(await claim()).toMatchObject({ week: weeks[4] });
  await expect(retryWeek(ctx, { id, week: weeks[4]! })).rejects.toMatchObject({ code: 'conflict' });
});

test.each([
  ['2020-01-06', 'not_found'],
  ['2025-01-07', 'invalid_request'],
  ["2025-01-06'; DROP TABLE week_runs; --", 'invalid_request'],
])('retrying the week %s is answered with %s', async (week, code) => {
  await expect(retryWeek(ctx, { id, week })).rejects.toMatchObject({ code });
});

test('what lies outside the caller’s scope does not exist', async () => {
  const stranger = testContext(database, { actor: 'eve', instanceIds: [] });
  const otherWorkspace = testContext({ ...database, workspaceId: '999999' }, { actor: 'eve' });
  for (const outsider of [stranger, otherWorkspace]) {
    for (const verb of [pauseCollection, resumeCollection, cancelCollection])
      await expect(verb(outsider, { id })).rejects.toMatchObject({ code: 'not_found', status: 404 });
    await expect(retryWeek(outsider, { id, week: weeks[0]! })).rejects.toMatchObject({ code: 'not_found' });
    await expect(collectionDetail(outsider, { id })).rejects.toMatchObject({ code: 'not_found' });
    expect(await listCollections(outsider)).toEqual([]);
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
  const [listed] = await listCollections(ctx);
  expect(collectionSchema.parse(listed)).toEqual(listed);
  const detail = await collectionDetail(ctx, { id });
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
    error: { code: 'execution_failed', message: 'out of memory', remedy: ERRORS.execution_failed.remedy },
  });
  await retryWeek(ctx, { id, week: weeks[0]! });
  expect((await collectionDetail(ctx, { id })).weekList[0]).toMatchObject({ state: 'planned', error: null });
});

const serve = (...served: string[]) =>
  query('UPDATE report_data_weeks SET data_version = 1 WHERE instance_id = $1 AND week = ANY ($2)', instanceId, served);
const skip = (week: string, code: string) =>
  query(`UPDATE week_runs SET state = 'skipped', error_code = $3 WHERE collection_id = $1 AND week = $2`, id, week, code);

test('a collection is complete when nothing is left to do and every week is served, and runs again when a week is retried', async () => {
  for (const week of weeks.slice(1)) await setRun(week, 'done');
  await serve(...weeks);
  await setRun(weeks[0]!, 'failed');
  expect(await listCollections(ctx)).toMatchObject([{ state: 'running' }]);
  // Skipped this time, and served from an earlier run.
  await skip(weeks[0]!, 'week_out_of_range');
  expect(await listCollections(ctx)).toMatchObject([{ state: 'complete', weeksOutOfReach: 0, weeksSetAside: 0 }]);
  await retryWeek(ctx, { id, week: weeks[1]! });
  expect(await listCollections(ctx)).toMatchObject([{ state: 'running' }]);
});

test('weeks that Amazon no longer had, and those of which nothing was taken, make it incomplete', async () => {
  for (const week of weeks.slice(3)) await setRun(week, 'done');
  await serve(...weeks.slice(3));
  await skip(weeks[0]!, 'week_out_of_range');
  await skip(weeks[1]!, 'week_out_of_range');
  await skip(weeks[2]!, 'result_set_aside');
  const expected = { state: 'incomplete', weeksOutOfReach: 2, weeksSetAside: 1, weeks: { done: 2, skipped: 3 } };
  expect(await listCollections(ctx)).toMatchObject([expected]);
  expect(collectionDetailSchema.parse(await collectionDetail(ctx, { id }))).toMatchObject(expected);
  await pauseCollection(ctx, { id });
  expect(await listCollections(ctx)).toMatchObject([{ state: 'incomplete' }]);
  // A file that a person has fills a hole.
  await serve(...weeks.slice(0, 3));
  expect(await listCollections(ctx)).toMatchObject([{ state: 'complete', weeksOutOfReach: 0, weeksSetAside: 0 }]);
});

test('a person confirms a doubtful week with a reason; it is marked again when something else is served', async () => {
  const doubt = { findings: [{ rule: 'few_rows', message: 'The week has no rows.' }], note: 'Asked again, Amazon gave the same.' };
  const mark = () =>
    query('UPDATE report_data_weeks SET doubt = $2 WHERE instance_id = $1 AND week = $3', instanceId, JSON.stringify(doubt), weeks[2]);
  await serve(...weeks);
  await mark();
  expect(await listCollections(ctx)).toMatchObject([{ weeksDoubtful: 1 }]);
  expect((await collectionDetail(ctx, { id })).weekList[2]).toMatchObject({ doubt });
  const reason = 'the shop was closed';
  expect(weekSchema.parse(await confirmWeek(ctx, { id, week: weeks[2]!, reason }))).toMatchObject({ week: weeks[2], doubt: null });
  expect(
    await query(`SELECT action, details FROM audit_log WHERE action = 'collection.confirmWeek' AND subject = $1`, `collection ${id}`),
  ).toEqual([{ action: 'collection.confirmWeek', details: { week: weeks[2], reason } }]);
  await expect(confirmWeek(ctx, { id, week: weeks[2]!, reason })).rejects.toMatchObject({ code: 'conflict' });
  await expect(confirmWeek(ctx, { id, week: weeks[1]!, reason })).rejects.toMatchObject({ code: 'conflict' });
});
