import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { createTestDatabase, type TestDatabase } from '@amc-reports/test-support/database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

function calendar(...args: string[]): { status: number | null; said: string } {
  const command = ['collector.ts', 'workspace', 'calendar', 'default', ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(__dirname, command[0]!), ...command.slice(1)], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH, DATABASE_URL: database.url, LOG_LEVEL: 'error', ENCRYPTION_KEY: Buffer.alloc(32, 7).toString('base64') },
  });
  return { status, said: status === 0 ? stdout.trim() : stderr };
}

test('the calendar of a workspace is shown, set, and kept as it was when it is said wrongly', () => {
  expect(calendar()).toEqual({ status: 0, said: 'Weeks begin on monday; months begin on day 1 (calendar months).' });
  const fiscal = 'Weeks begin on sunday; months are periods of 4-4-5 weeks in years from 2026-02-01, 2027-01-31.';
  expect(calendar('--week-starts-on', 'Sunday', '--periods', '4-4-5', '--years', '2027-01-31,2026-02-01')).toEqual({
    status: 0,
    said: fiscal,
  });
  for (const [args, why] of [
    [['--week-starts-on', 'someday'], 'must be a weekday'],
    [['--month-starts-on', '31'], 'every month has'],
    [['--periods', '4-4-5'], '--years'],
    [['--periods', '4-4-5', '--years', '2026-02-01,2026-12-01'], 'a fiscal year has 52 or 53'],
    [['--years', '2026-02-01'], 'belongs to --periods'],
    [['--periods', '4-4-5', '--years', '2026-02-30'], 'is no day'],
  ] as const)
    expect(calendar(...args)).toEqual({ status: 1, said: expect.stringContaining(why) });
  expect(calendar()).toEqual({ status: 0, said: fiscal });
});
