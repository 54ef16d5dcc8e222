import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ScheduleTick } from '../../contract/schedule-ticks.ts';
import type { Schedule } from '../../contract/schedules.ts';
import { createScheduleBench, type ScheduleBench } from '@amc-reports/test-support/schedule/bench.ts';
import { scheduleCommand } from './schedule.ts';

let bench: ScheduleBench;
const environment = { ...process.env };
beforeAll(async () => {
  bench = await createScheduleBench();
  const dataDir = mkdtempSync(join(tmpdir(), 'cli-schedule-'));
  Object.assign(process.env, { DATABASE_URL: bench.database.url, WORKSPACE: 'test', DATA_DIR: dataDir });
});
afterAll(async () => {
  rmSync(process.env.DATA_DIR!, { recursive: true, force: true });
  process.env = environment;
  await bench.drop();
});

/** Runs a command in this process, as the shell would see it. */
async function run(...args: string[]): Promise<{ status: unknown; stdout: string; stderr: string }> {
  const written = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map((stream) =>
    jest.spyOn(process[stream], 'write').mockImplementation((text) => {
      written[stream] += String(text);
      return true;
    }),
  );
  try {
    await scheduleCommand().parseAsync(args, { from: 'user' });
    return { status: process.exitCode, ...written };
  } finally {
    process.exitCode = undefined;
    for (const spy of spies) spy.mockRestore();
  }
}

const stdout = async (...args: string[]): Promise<string> => (await run(...args)).stdout;

test('a schedule is made, listed, shown, paused, resumed, run and deleted from the command line', async () => {
  expect(await run('list')).toMatchObject({ status: 0, stdout: expect.stringContaining('schedule create --help') });
  const collection = await bench.served();
  const made = await run('create', '--name', 'Weekly', '--template', 'weekly', '--restate', '2', '--collection', collection.id);
  expect(made).toMatchObject({
    status: 0,
    stderr: '',
    stdout: expect.stringMatching(/^Made schedule 'Weekly' \(\d+\) over 1 collections/),
  });
  const [schedule] = JSON.parse(await stdout('list', '--json')) as Schedule[];
  expect(schedule).toMatchObject({ name: 'Weekly', restateWeeks: 2, createdBy: 'command line' });
  const id = schedule!.id;
  expect(await stdout('list')).toMatch(/Weekly +\d+ +active +0 6 \* \* 3 +America\/Los_Angeles/);
  expect(await stdout('pause', id)).toBe(`Schedule 'Weekly' (${id}) is paused.\n`);
  expect(await stdout('show', id)).toContain('once resumed');
  expect(await stdout('resume', id)).toBe(`Schedule 'Weekly' (${id}) is active.\n`);
  // The machine's calendar is later than the bench's: more weeks are complete.
  const tick = JSON.parse(await stdout('run', id, '--json')) as ScheduleTick;
  expect(tick).toMatchObject({ kind: 'manual', askedBy: 'command line' });
  expect(tick.collections[0]!.added.length).toBeGreaterThan(1);
  const shown = await stdout('show', id);
  expect(shown).toContain(`Tick of ${tick.tickedAt.slice(0, 16).replace('T', ' ')} UTC (by hand, command line)`);
  expect(shown).toContain(`${tick.collections[0]!.added.length} new`);
  expect(await stdout('delete', id)).toBe(`Schedule 'Weekly' (${id}) is deleted.\n`);
  expect(await run('show', id)).toMatchObject({ status: 1, stderr: expect.stringContaining(`no schedule ${id}`) });
});

test.each([
  [['create', '--name', 'x', '--cron', '* * * * *', '--dataset', 'campaign_performance'], 'more than once an hour'],
  [['create', '--name', 'x', '--dataset', 'campaign_performance'], 'needed without a template'],
  [['create', '--name', 'x', '--template', 'weekly'], 'collections'],
  [['run', '999'], 'no schedule 999'],
])('%j ends with 1 and says what to do', async (args, words) => {
  const { status, stderr } = await run(...args);
  expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringContaining(words) });
  expect(stderr).not.toContain('bug');
});
