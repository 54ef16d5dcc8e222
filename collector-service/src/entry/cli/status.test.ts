import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createScheduleBench, type ScheduleBench } from '@amc-reports/test-support/schedule/bench.ts';
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

/** Runs the command in this process, as the shell would see it. */
async function status(): Promise<{ status: unknown; stdout: string }> {
  let stdout = '';
  const spy = jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    stdout += String(text);
    return true;
  });
  try {
    await statusCommand().parseAsync([], { from: 'user' });
    return { status: process.exitCode, stdout };
  } finally {
    process.exitCode = undefined;
    spy.mockRestore();
  }
}

test('tells what Amazon refuses a collection, since when, why, and when it is tried again', async () => {
  const { id } = await bench.served({ weeks: 1 });
  expect(await status()).toMatchObject({ status: 0 });
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
