import { z } from 'zod';
import { eventually } from '@amc-reports/test-support/collect/bench.ts';
import { createJobBench, type JobBench } from '@amc-reports/test-support/jobs/bench.ts';
import { CollectorError } from '../../contract/error.ts';
import { enqueue } from './enqueue.ts';
import { defineJob, type JobRun } from './job.ts';
import { retryJob } from './retry.ts';
import { readDeadJobs, readJobCounts, readJobTotals } from './state.ts';

type Deed = (data: { id: string }, run: JobRun) => Promise<object | void>;
interface Deps {
  deed: Deed;
}
const retry = { limit: 1, firstAfterSeconds: 1, atMostSeconds: 2 };
const data = z.object({ id: z.string() });
const mail = defineJob({ name: 'test.mail', data, retry, handle: (told, { deed }: Deps, run) => deed(told, run) });
const report = defineJob({ ...mail, name: 'test.report', singleton: ({ id }) => id });

let bench: JobBench;
beforeEach(async () => {
  bench = await createJobBench([mail, report]);
});
afterEach(() => bench.drop());

const put = (id: string, job = mail) => bench.store.transaction((tx) => enqueue(tx, job, { id }));
const ended = (state: string, name = mail.name) => eventually(async () => (await bench.states(name)).includes(state));

test('a job exists when what asked for it is committed, and then runs once, in one of several processes', async () => {
  const told: string[] = [];
  const deed: Deed = async ({ id }) => {
    told.push(id);
    return { sent: id };
  };
  await Promise.all([1, 2, 3].map(() => bench.run({ deed })));
  const taken = bench.store.transaction(async (tx) => {
    await enqueue(tx, mail, { id: 'taken back' });
    throw new Error('the deed failed');
  });
  await expect(taken).rejects.toThrow('the deed failed');
  await bench.store.transaction(async (tx) => {
    await enqueue(tx, mail, { id: 'first' });
    // Nobody sees it yet.
    expect(await bench.states(mail.name)).toEqual([]);
  });
  for (const id of ['second', 'third']) await put(id);
  await eventually(async () => (await bench.states(mail.name)).join() === 'completed,completed,completed');
  expect([...told].sort()).toEqual(['first', 'second', 'third']);
  expect(await bench.query(`SELECT output FROM pgboss.job WHERE name = $1 AND data->>'id' = 'second'`, mail.name)).toEqual([
    { output: { sent: 'second' } },
  ]);
  expect(await readJobTotals(bench.store.pool)).toMatchObject([{ job: 'test.mail', outcome: 'completed', runs: 3 }]);
});

test('of one key one waits or runs; of others, others do', async () => {
  expect(await put('a', report)).not.toBeNull();
  expect(await put('a', report)).toBeNull();
  expect(await put('b', report)).not.toBeNull();
  let letGo: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (letGo = resolve));
  await bench.run<Deps>({ deed: () => held });
  await ended('active', report.name);
  expect(await put('a', report)).toBeNull();
  letGo();
  await eventually(async () => (await bench.states(report.name)).join() === 'completed,completed');
  expect(await put('a', report)).not.toBeNull();
});

test('an error is tried again, then the job is dead until somebody has it tried again; data is in no line of the log', async () => {
  let broken = true;
  const deed: Deed = async () => {
    if (broken) throw Object.assign(new Error('The mail server is away.'), { details: { host: 'mail' } });
  };
  await bench.run({ deed });
  const id = await put('planted-secret');
  await ended('failed');
  expect(await readDeadJobs(bench.store.pool)).toMatchObject([{ id, job: mail.name, attempts: 2, message: 'The mail server is away.' }]);
  expect(await readJobCounts(bench.store.pool)).toMatchObject([
    { job: 'test.mail', dead: 1, running: 0, retrying: 0, waiting: 0, lastCompletedAt: null },
    { job: 'test.report', dead: 0 },
  ]);
  expect(await readJobTotals(bench.store.pool)).toMatchObject([
    { outcome: 'failed', runs: 1 },
    { outcome: 'retried', runs: 1 },
  ]);
  expect(bench.log.filter(({ jobId }) => jobId === id).map(({ level, job, msg }) => [level, job, msg])).toEqual([
    [40, mail.name, 'A job failed; it is tried again.'],
    [50, mail.name, `A job failed for good. Once the cause is gone: collector jobs retry ${id}`],
  ]);

  broken = false;
  await bench.store.transaction((tx) => retryJob(tx, id!));
  await ended('completed');
  expect(await readDeadJobs(bench.store.pool)).toEqual([]);
  await expect(bench.store.transaction((tx) => retryJob(tx, id!))).rejects.toMatchObject({ code: 'not_found' });
  expect(JSON.stringify(bench.log)).not.toContain('planted-secret');
});

test('what trying again does not mend is dead at once: an error that says so, and data that the job does not take', async () => {
  const deed: Deed = async () => {
    throw new CollectorError('not_found', 'The address does not exist.');
  };
  await expect(bench.store.transaction((tx) => enqueue(tx, mail, { id: 7 } as never))).rejects.toThrow('string');
  const hopeless = await put('x');
  const old = await put('y');
  await bench.query(`UPDATE pgboss.job SET data = '{"name": "planted-secret"}' WHERE id = $1`, old);
  await bench.run({ deed });
  await eventually(async () => (await bench.states(mail.name)).join() === 'failed,failed');
  const dead = await readDeadJobs(bench.store.pool);
  expect(dead.find(({ id }) => id === hopeless)).toMatchObject({ attempts: 1, message: 'The address does not exist.' });
  expect(dead.find(({ id }) => id === old)).toMatchObject({ attempts: 1, message: expect.stringContaining('(id: invalid_type)') });
  expect(JSON.stringify([bench.log, dead])).not.toContain('planted-secret');
});

test('a dead job of a kind that got through later needs nobody', async () => {
  let broken = true;
  const deed: Deed = async () => {
    if (broken) throw new CollectorError('internal', 'Not yet.', { kind: 'terminal' });
  };
  const stop = await bench.run({ deed });
  const id = await put('a', report);
  await ended('failed', report.name);
  broken = false;
  await put('b', report);
  await ended('completed', report.name);
  expect(await readDeadJobs(bench.store.pool)).toHaveLength(1);
  await stop();
  await put('a', report);
  await expect(bench.store.transaction((tx) => retryJob(tx, id!))).rejects.toMatchObject({ code: 'conflict' });
  await bench.run({ deed });
  await eventually(async () => (await readDeadJobs(bench.store.pool)).length === 0);
});
