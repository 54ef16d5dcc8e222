import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { z } from 'zod';
import { eventually } from '@amc-reports/test-support/collect/bench.ts';
import { spawnStep } from '@amc-reports/test-support/crash/spawn-worker.ts';
import { createJobBench, type JobBench } from '@amc-reports/test-support/jobs/bench.ts';
import { enqueue } from './enqueue.ts';
import { defineJob, type JobRun } from './job.ts';

interface Deps {
  deed: (run: JobRun) => Promise<object | void>;
}
/** One attempt and no other, so that a job which loses it to a stop would be dead. */
const retry = { limit: 0, firstAfterSeconds: 0, atMostSeconds: 0 };
const endless = defineJob({ name: 'test.endless', data: z.object({}), retry, handle: (_, { deed }: Deps, run) => deed(run) });
/** Due half a day from now, so that it is not just when the test looks. */
const daily = defineJob({ ...endless, name: 'test.daily', cron: `23 ${(new Date().getUTCHours() + 12) % 24} * * *` });

let bench: JobBench;
beforeEach(async () => {
  bench = await createJobBench([endless, daily]);
});
afterEach(() => bench.drop());

const put = () => bench.store.transaction((tx) => enqueue(tx, endless, {}));
const state = async (name = endless.name) => (await bench.states(name)).join();
const untilState = (wanted: string, name = endless.name) => eventually(async () => (await state(name)) === wanted);

describe('A stop', () => {
  test('lets running jobs end, and begins no other', async () => {
    let finish: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (finish = resolve));
    const stop = await bench.run<Deps>({ deed: () => held }, 60_000);
    await put();
    await untilState('active');
    await put();
    const stopped = stop();
    finish();
    await stopped;
    expect(await state()).toBe('completed,created');
  });

  test.each([
    ['ends at its signal', async ({ signal }: JobRun) => void (await sleep(60_000, undefined, { signal }))],
    ['does not hear its signal', () => new Promise<void>(() => undefined)],
  ])('hands back a job that %s, for the next process to begin at once', async (_, deed) => {
    const stop = await bench.run<Deps>({ deed }, 50);
    const id = await put();
    await untilState('active');
    await stop();
    expect(await bench.query('SELECT state, retry_limit, retry_count FROM pgboss.job')).toEqual([
      { state: 'created', retry_limit: 1, retry_count: 0 },
    ]);
    await bench.run<Deps>({ deed: async () => undefined });
    await untilState('completed');
    expect(bench.log.filter(({ level, jobId }) => jobId === id && level >= 40)).toEqual([]);
  });

  test('takes a process with it whose job never ends', async () => {
    await put();
    const child = await spawnStep('../jobs/job-process.ts', [bench.url]);
    await untilState('active');
    child.kill('SIGTERM');
    expect(await child.ended).toBe(0);
    expect(await state()).toBe('created');
  });
});

test('the job of a process that was killed is taken over once it has been silent for its heartbeat', async () => {
  // Unlike a stop it counts as an attempt, so that a job which kills its process does not do so for ever.
  await bench.query(`UPDATE pgboss.queue SET retry_limit = 1 WHERE name = $1`, endless.name);
  await put();
  const child = await spawnStep('../jobs/job-process.ts', [bench.url]);
  await untilState('active');
  child.kill('SIGKILL');
  expect(await child.ended).toBe('SIGKILL');
  let runs = 0;
  await bench.run<Deps>({ deed: async () => void (runs += 1) });
  // As after its half minute.
  await bench.query(`UPDATE pgboss.job SET heartbeat_on = heartbeat_on - interval '31 seconds' WHERE name = $1`, endless.name);
  await untilState('completed');
  expect(runs).toBe(1);
  expect(await bench.query('SELECT retry_count FROM pgboss.job WHERE name = $1', endless.name)).toEqual([{ retry_count: 1 }]);
});

test('what came due while nothing ran is made up for once, by one of several processes', async () => {
  let runs = 0;
  const deps: Deps = { deed: async () => void (runs += 1) };
  const start = () => Promise.all([1, 2, 3].map(() => bench.run(deps)));
  const looked = async () => (await bench.query('SELECT FROM pgboss.version WHERE cron_on IS NOT NULL')).length === 1;
  const stops = await start();
  await eventually(looked);
  await Promise.all(stops.map((stop) => stop()));
  // A calendar that has just been made owes nothing of the time before.
  expect(await bench.query(`SELECT FROM pgboss.job`)).toEqual([]);

  await bench.query(`UPDATE pgboss.version SET cron_on = now() - interval '3 days'`);
  await bench.query(`UPDATE pgboss.schedule SET created_on = now() - interval '9 days'`);
  await start();
  await untilState('completed', daily.name);
  expect(runs).toBe(1);
});

describe('A database that is away', () => {
  let admin: pg.Client;
  let name: string;
  beforeEach(async () => {
    admin = new pg.Client(process.env.TEST_POSTGRES_URL);
    await admin.connect();
    name = new URL(bench.url).pathname.slice(1);
  });
  afterEach(async () => {
    await admin.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS true`);
    await admin.end();
  });
  const connections = async () => (await admin.query('SELECT FROM pg_stat_activity WHERE datname = $1', [name])).rowCount;
  const told = (words: string) => bench.log.filter(({ msg }) => msg.startsWith(words)).length;
  const lost = () => told('The database did not do what the job queue asked');
  const found = () => told('The database does what the job queue asks again');

  test('is told once; jobs wait, and go on by themselves', async () => {
    await bench.run<Deps>({ deed: async () => undefined });
    await put();
    await untilState('completed');
    const attempts = jest.spyOn(pg.Pool.prototype, 'connect');
    for (const outage of [1, 2]) {
      await admin.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
      await admin.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [name]);
      await eventually(async () => (await connections()) === 0 && lost() >= outage);
      const [lostBefore, foundBefore, attemptsBefore] = [lost(), found(), attempts.mock.calls.length];
      await eventually(async () => attempts.mock.calls.length >= attemptsBefore + 6);
      expect([lost(), found()]).toEqual([lostBefore, foundBefore]);
      await admin.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS true`);
      await eventually(async () => found() > foundBefore);
    }
    await put();
    await untilState('completed,completed');
  });
});
