import { claimFinished, claimPoll, claimUnclear, claimWeek } from './claim.ts';
import { createCollection } from './collections/create.ts';
import type { ClaimedRun } from './run.ts';
import { ensureSlots } from './slots.ts';
import { releaseLeases, renewLeases } from './statements/leases.ts';
import { endWithoutData, markRunning, markSucceeded, noteCreateAttempt } from './statements/transitions.ts';
import { createCollectDatabase, insertInstance, type CollectDatabase } from '@amc-reports/test-support/collect/database.ts';
import { testContext } from '@amc-reports/test-support/collect/context.ts';

const lease = { owner: 'test', leaseMs: 30_000 };
const expired = { owner: 'slow', leaseMs: -1 };
let database: CollectDatabase;
let collections: string[];

beforeEach(async () => {
  database = await createCollectDatabase();
  collections = [];
});
afterEach(() => database.drop());

const store = () => database.store;
const query = async <T>(sql: string, ...values: unknown[]): Promise<T[]> => (await store().pool.query(sql, values)).rows as T[];
const inFlight = async () => (await query<{ n: number }>('SELECT count(run_id)::int AS n FROM instance_slots'))[0]!.n;

async function plan(
  amcInstanceId: string,
  weeks: number,
  { accountId = 'ENTITYTEST', dataset = 'campaign_performance', fresh = true } = {},
): Promise<string> {
  if (fresh) await insertInstance(database, { amcInstanceId, accountId });
  const { id } = await createCollection(testContext(database), { instance: amcInstanceId, dataset, weeks });
  await query('UPDATE report_data_collections SET validated_at = now() WHERE id = $1', id);
  collections.push(id);
  return id;
}

const end = (run: ClaimedRun) =>
  store().transaction((tx) => endWithoutData(tx, run, 'failed', { code: 'execution_failed', message: 'test' }));
async function claimAll(): Promise<ClaimedRun[]> {
  const claimed: ClaimedRun[] = [];
  for (let run = await claimWeek(store(), lease); run; run = await claimWeek(store(), lease)) claimed.push(run);
  return claimed;
}

test('claims the oldest week first, and a person’s retry before it', async () => {
  await plan('amc1', 3);
  const weeks = await query<{ week: string; id: string }>('SELECT id, week::text AS week FROM week_runs ORDER BY week');
  await query('UPDATE week_runs SET priority = 10 WHERE id = $1', weeks[2]!.id);
  const claimed = await claimAll();
  expect(claimed.map((run) => run.week)).toEqual([weeks[2]!.week, weeks[0]!.week, weeks[1]!.week]);
  expect(claimed[0]).toMatchObject({
    state: 'creating',
    fence: '1',
    amcInstanceId: 'amc1',
    accountId: 'ENTITYTEST',
    createAttemptedAt: null,
  });
});

test('never has more in flight than an instance has slots, however many claim at once', async () => {
  await plan('amc1', 40);
  await plan('amc2', 40);
  await ensureSlots(store(), { instanceLimit: 3, accountLimit: 200 });
  const rounds = await Promise.all(Array.from({ length: 16 }, () => claimAll()));
  const claimed = rounds.flat();
  expect(claimed).toHaveLength(6);
  expect(new Set(claimed.map((run) => run.id)).size).toBe(6);
  const perInstance = await query<{ n: number }>(`SELECT count(*)::int AS n FROM week_runs WHERE state = 'creating' GROUP BY instance_id`);
  expect(perInstance).toEqual([{ n: 3 }, { n: 3 }]);
});

test('keeps to the account’s limit over all its instances, and does not count other accounts', async () => {
  await plan('amc1', 10, { accountId: 'A' });
  await plan('amc2', 10, { accountId: 'A' });
  await plan('amc3', 10, { accountId: 'B' });
  await ensureSlots(store(), { instanceLimit: 8, accountLimit: 5 });
  const claimed = (await Promise.all([claimAll(), claimAll(), claimAll(), claimAll()])).flat();
  expect(claimed.filter((run) => run.accountId === 'A')).toHaveLength(5);
  expect(claimed.filter((run) => run.accountId === 'B')).toHaveLength(5);
});

test('frees slots in the transaction that ends the execution, and in no other', async () => {
  await plan('amc1', 10);
  await ensureSlots(store(), { instanceLimit: 1, accountLimit: 200 });
  const run = (await claimWeek(store(), lease))!;
  expect(await claimWeek(store(), lease)).toBeUndefined();
  await store().transaction((tx) => markRunning(tx, run, { id: 'e1', status: 'PENDING' }, 0));
  expect(await inFlight()).toBe(1);
  const [polled] = await claimPoll(store(), lease);
  await expect(
    store().transaction(async (tx) => {
      await markSucceeded(tx, polled!, 'SUCCEEDED');
      throw new Error('before the commit');
    }),
  ).rejects.toThrow('before the commit');
  expect(await inFlight()).toBe(1);
  await store().transaction((tx) => markSucceeded(tx, polled!, 'SUCCEEDED'));
  expect(await inFlight()).toBe(0);
  expect(await claimWeek(store(), lease)).toBeDefined();
});

test('a lower limit lets nothing new start until the surplus has ended, and a higher one counts at once', async () => {
  await plan('amc1', 20);
  await ensureSlots(store(), { instanceLimit: 4, accountLimit: 200 });
  const first = await claimAll();
  expect(first).toHaveLength(4);
  await ensureSlots(store(), { instanceLimit: 2, accountLimit: 200 });
  await ensureSlots(store(), { instanceLimit: 2, accountLimit: 200 });
  expect(await inFlight()).toBe(4);
  await end(first[0]!);
  expect(await claimAll()).toHaveLength(0);
  await end(first[1]!);
  await end(first[2]!);
  await end(first[3]!);
  expect(await query('SELECT slot_no FROM instance_slots ORDER BY slot_no')).toEqual([{ slot_no: 1 }, { slot_no: 2 }]);
  expect(await claimAll()).toHaveLength(2);
  await ensureSlots(store(), { instanceLimit: 50, accountLimit: 200 });
  expect(await claimAll()).toHaveLength(8);
});

test('claims nothing of a collection that Amazon just refused, until it is to be tried again', async () => {
  const id = await plan('amc1', 2);
  const insert = `INSERT INTO collection_refusals (collection_id, asked, code, message, next_try_at)
    VALUES ($1, 'create', 'amc_forbidden', 'No.', now() + interval '1 hour')`;
  await query(insert, id);
  expect(await claimWeek(store(), lease)).toBeUndefined();
  await query('UPDATE collection_refusals SET next_try_at = now()');
  expect(await claimWeek(store(), lease)).toBeDefined();
});

test('claims nothing of collections that are paused, stopped or cancelled, or that Amazon has not checked', async () => {
  const id = await plan('amc1', 2);
  for (const state of ['paused', 'stopped', 'cancelled']) {
    await query('UPDATE report_data_collections SET state = $2 WHERE id = $1', id, state);
    expect(await claimWeek(store(), lease)).toBeUndefined();
  }
  await query(`UPDATE report_data_collections SET state = 'running', validated_at = NULL WHERE id = $1`, id);
  expect(await claimWeek(store(), lease)).toBeUndefined();
  await query('UPDATE report_data_collections SET validated_at = now() WHERE id = $1', id);
  await query(`UPDATE week_runs SET not_before = now() + interval '1 hour'`);
  expect(await claimWeek(store(), lease)).toBeUndefined();
  await query('UPDATE week_runs SET not_before = now()');
  expect(await claimWeek(store(), lease)).toBeDefined();
});

test('a run whose lease ran out is taken over with a higher fence, and the late worker’s writes are refused', async () => {
  await plan('amc1', 1);
  const late = (await claimWeek(store(), expired))!;
  const next = (await claimUnclear(store(), lease))!;
  expect(next.id).toBe(late.id);
  expect(Number(next.fence)).toBe(Number(late.fence) + 1);
  await expect(store().transaction((tx) => noteCreateAttempt(tx, late))).rejects.toMatchObject({ code: 'lost_fence' });
  await expect(store().transaction((tx) => markRunning(tx, late, { id: 'e1', status: 'PENDING' }, 0))).rejects.toMatchObject({
    code: 'lost_fence',
  });
  await expect(end(late)).rejects.toMatchObject({ code: 'lost_fence' });
  expect(await inFlight()).toBe(1);
  expect(await claimUnclear(store(), lease)).toBeUndefined();
  await store().transaction((tx) => noteCreateAttempt(tx, next));
});

test('renewing keeps a lease, tells of runs that were taken over, and does not wait for a run that a merge has locked', async () => {
  await plan('amc1', 3);
  const [a, b, c] = await claimAll();
  await query('UPDATE week_runs SET fence = fence + 1 WHERE id = $1', b!.id);
  await query(`UPDATE week_runs SET lease_until = now() + interval '1 s'`);
  const holder = await store().pool.connect();
  await holder.query('BEGIN');
  await holder.query('SELECT FROM week_runs WHERE id = $1 FOR UPDATE', [c!.id]);
  expect(await renewLeases(store().pool, [a!, b!, c!], 60_000)).toEqual([b!.id]);
  await holder.query('ROLLBACK');
  holder.release();
  const leases = await query<{ id: string; long: boolean }>(
    `SELECT id, lease_until > now() + interval '50 s' AS long FROM week_runs ORDER BY id`,
  );
  expect(Object.fromEntries(leases.map((each) => [each.id, each.long]))).toEqual({ [a!.id]: true, [b!.id]: false, [c!.id]: false });
});

test('a released run is claimed again at once', async () => {
  await plan('amc1', 1);
  const run = (await claimWeek(store(), lease))!;
  expect(await claimUnclear(store(), lease)).toBeUndefined();
  await releaseLeases(store().pool, [run]);
  expect(await claimUnclear(store(), lease)).toMatchObject({ id: run.id });
});

test('polls all running weeks of one instance together, also of a paused collection, as soon as one is due', async () => {
  await plan('amc1', 3);
  await plan('amc2', 1);
  await query(`UPDATE report_data_collections SET state = 'paused' WHERE id = $1`, collections[0]);
  await query(
    `UPDATE week_runs SET state = 'running', execution_id = 'e' || id, create_attempted_at = now(), not_before = now() + interval '1 hour'`,
  );
  expect(await claimPoll(store(), lease)).toEqual([]);
  await query(`UPDATE week_runs SET not_before = now() WHERE id = (SELECT min(id) FROM week_runs)`);
  const polled = await claimPoll(store(), lease);
  expect(polled.map((run) => run.amcInstanceId)).toEqual(['amc1', 'amc1', 'amc1']);
  expect(await claimPoll(store(), lease)).toEqual([]);
});

test('a finished execution of a paused collection waits for its download until somebody resumes', async () => {
  const id = await plan('amc1', 1);
  await query(`UPDATE week_runs SET state = 'downloading', execution_id = 'e1'`);
  await query(`UPDATE report_data_collections SET state = 'paused' WHERE id = $1`, id);
  expect(await claimFinished(store(), lease)).toBeUndefined();
  await query(`UPDATE report_data_collections SET state = 'running' WHERE id = $1`, id);
  expect(await claimFinished(store(), lease)).toMatchObject({ state: 'downloading', executionId: 'e1' });
});

test('no two runs can hold one execution', async () => {
  await plan('amc1', 2);
  const [a, b] = await claimAll();
  await store().transaction((tx) => markRunning(tx, a!, { id: 'same', status: 'PENDING' }, 0));
  await expect(store().transaction((tx) => markRunning(tx, b!, { id: 'same', status: 'PENDING' }, 0))).rejects.toMatchObject({
    code: '23505',
  });
});
