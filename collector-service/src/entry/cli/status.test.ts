import type { Command } from 'commander';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createScheduleBench, type ScheduleBench } from '@amc-reports/test-support/schedule/bench.ts';
import { clockCommand } from './clock.ts';
import { statusCommand } from './status.ts';

let bench: ScheduleBench;
const environment = { ...process.env };
beforeAll(async () => {
  bench = await createScheduleBench();
  const dataDir = mkdtempSync(join(tmpdir(), 'cli-status-'));
  Object.assign(process.env, { DATABASE_URL: bench.database.url, WORKSPACE: 'test', DATA_DIR: dataDir });
});
afterAll(async () => {
  rmSync(process.env.DATA_DIR!, { recursive: true, force: true });
  process.env = environment;
  await bench.drop();
});

/** Runs a command in this process, as the shell would see it. */
async function run(command: Command, ...args: string[]): Promise<{ status: unknown; stdout: string }> {
  let stdout = '';
  const spy = jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    stdout += String(text);
    return true;
  });
  try {
    await command.parseAsync(args, { from: 'user' });
    return { status: process.exitCode, stdout };
  } finally {
    process.exitCode = undefined;
    spy.mockRestore();
  }
}

const status = () => run(statusCommand());

test('tells what Amazon refuses a collection, since when, why, and when it is tried again', async () => {
  const { id } = await bench.served({ weeks: 1 });
  expect(await status()).toMatchObject({ status: 0 });
  await bench.query(`UPDATE week_runs SET state = 'planned'`);
  await bench.query(
    `INSERT INTO collection_refusals (collection_id, asked, code, message, since, next_try_at)
     VALUES ($1, 'create', 'amc_forbidden', 'The user has no access.', '2026-11-20T09:00:00Z', '2026-11-20T10:30:00Z')`,
    id,
  );
  expect(await status()).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('is refused since 2026-11-20T09:00Z: The user has no access. Next try at 2026-11-20T10:30Z.'),
  });
  await bench.query(`UPDATE report_data_collections SET state = 'stopped', stop_reason = 'No.', stopped_at = '2026-11-20T09:15:00Z'`);
  expect(await status()).toMatchObject({
    status: 1,
    stdout: expect.stringContaining('is stopped since 2026-11-20T09:15Z: The user has no access. Next try at 2026-11-20T10:30Z.'),
  });
  await bench.query('DELETE FROM collection_refusals');
  expect((await status()).stdout).toContain('is stopped since 2026-11-20T09:15Z: No. Resume it when the cause is gone.');
});

test('calls months what they are, by their own days', async () => {
  const { id, weeksTotal } = await bench.served({ dataset: 'reach_frequency_month', weeks: 10, behind: 6 });
  expect((await status()).stdout).toContain(`${weeksTotal}/${weeksTotal} months`);
  expect((await run(statusCommand(), id)).stdout).toMatch(/2025-12-29 +2026-01-01 to 2026-01-31 +done/);
  await bench.setRun(id, '2025-12-29', `state = 'failed', error_code = 'execution_failed', error_message = 'No.', error_at = now()`);
  expect((await status()).stdout).toContain('month 2026-01 failed: No.');
  await bench.setRun(id, '2025-12-29', `state = 'done'`);
});

test('tells that the clocks contradict each other, until a person says that the time is right', async () => {
  expect(await run(clockCommand(), 'show')).toMatchObject({ status: 0, stdout: expect.stringContaining('They agree.') });
  await bench.query(`UPDATE clock_seen SET seen_at = now() - interval '2 years'`);
  expect(await status()).toMatchObject({ status: 1, stdout: expect.stringContaining('nothing is bought and no schedule ticks') });
  expect(await run(clockCommand(), 'show')).toMatchObject({ status: 1, stdout: expect.stringContaining('collector clock confirm') });
  expect(await run(clockCommand(), 'confirm')).toMatchObject({ status: 0, stdout: expect.stringContaining('buying goes on') });
  expect(await run(clockCommand(), 'show')).toMatchObject({ status: 0 });
  expect(await bench.query(`SELECT person FROM audit_log WHERE action = 'clock.confirm'`)).toEqual([{ person: 'command line' }]);
});

test('a person cannot say which of two clocks is right: they have to be set', async () => {
  const spy = jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 63_072_000_000);
  const errors = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  expect(await run(clockCommand(), 'confirm')).toMatchObject({ status: 1 });
  expect(errors).toHaveBeenCalledWith(expect.stringContaining('Set the clocks right'));
  spy.mockRestore();
  errors.mockRestore();
});
