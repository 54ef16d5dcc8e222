import { z } from 'zod';
import { createTestDatabase, type TestDatabase } from '@amc-reports/test-support/database.ts';
import { migrate } from '../../data/store/migrate.ts';
import { openStore, type Store } from '../../data/store/store.ts';
import { defineJob, type AnyJob } from './job.ts';
import { SCHEMA_VERSION } from './pg-boss.ts';

const job = defineJob({
  name: 'test.job',
  data: z.object({}),
  retry: { limit: 5, firstAfterSeconds: 10, atMostSeconds: 60 },
  cron: '0 4 * * *',
  handle: async () => undefined,
});

let database: TestDatabase;
let store: Store;
beforeEach(async () => {
  database = await createTestDatabase();
  store = await openStore(database.url);
});
afterEach(async () => {
  await store.close();
  await database.drop();
});

const prepare = (...jobs: AnyJob[]) => migrate(store, { datasets: [], jobs });
const query = async (sql: string) => (await store.pool.query(sql)).rows as unknown[];
const queues = () =>
  query(`SELECT name, policy, retry_limit, retry_delay, retry_delay_max, expire_seconds FROM pgboss.queue ORDER BY name`);
const calendar = () => query('SELECT name, cron FROM pgboss.schedule ORDER BY name');

test('migrating makes the tables, a queue per job and the calendar, once; a changed job changes them', async () => {
  await Promise.all([prepare(job), prepare(job)]);
  expect(await query('SELECT version FROM pgboss.version')).toEqual([{ version: SCHEMA_VERSION }]);
  const queue = { name: 'test.job', policy: 'exclusive', retry_limit: 5, retry_delay: 10, retry_delay_max: 60, expire_seconds: 3600 };
  expect(await queues()).toEqual([queue]);
  expect(await calendar()).toEqual([{ name: 'test.job', cron: '0 4 * * *' }]);

  const touched = () => query('SELECT xmin::text FROM pgboss.queue UNION ALL SELECT xmin::text FROM pgboss.schedule');
  const before = await touched();
  await prepare(job);
  expect(await touched()).toEqual(before);

  const { cron: _, ...other } = { ...job, name: 'test.other' };
  await prepare({ ...job, timeoutSeconds: 120, cron: '0 5 * * *' }, other);
  expect(await queues()).toEqual([
    { ...queue, expire_seconds: 120 },
    { ...queue, name: 'test.other', policy: 'standard' },
  ]);
  expect(await calendar()).toEqual([{ name: 'test.job', cron: '0 5 * * *' }]);
  await prepare(other);
  expect(await calendar()).toEqual([]);
});

test('what cannot be is refused with what to do: tables of a newer version, a job that becomes one of a kind', async () => {
  await prepare(job);
  const { cron: _, ...several } = job;
  await expect(prepare(several)).rejects.toMatchObject({ code: 'config_invalid', message: expect.stringContaining('another name') });
  await query(`UPDATE pgboss.version SET version = ${SCHEMA_VERSION + 1}`);
  await expect(prepare(job)).rejects.toMatchObject({ code: 'config_invalid', message: expect.stringContaining('newer version') });
});

test('the role of readers has no access to any of it', async () => {
  await prepare(job);
  for (const table of ['pgboss.job', 'pgboss.queue', 'pgboss.schedule', 'job_totals', 'job_setup']) {
    const reading = store.transaction(async (tx) => {
      await tx.query('SET LOCAL ROLE amc_reports_reader');
      await tx.query(`SELECT FROM ${table}`);
    });
    await expect(reading).rejects.toMatchObject({ code: '42501' });
  }
});
