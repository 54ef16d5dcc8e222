import pg from 'pg';
import { SANDBOX_ADVERTISERS } from '@amc-reports/sandbox/account.ts';
import { AMC_TABLES } from '@amc-reports/sandbox/tables/all.ts';
import { startTestSandbox, TEST_NOW, type TestSandbox } from './fixture.ts';

/** The views of a sandbox with an execution's settings, past its SQL: what privacy would hide is seen too. */
export interface Views {
  sandbox: TestSandbox;
  /** Rows of a SELECT on `amc.<table>` and on the base tables; numbers beyond an integer come as text. */
  rows<Row>(sql: string): Promise<Row[]>;
  /** The only row. */
  one<Row>(sql: string): Promise<Row>;
  /** Ends the sandbox too. */
  close(): Promise<void>;
}

/** A sandbox of its own with one week in UTC, 2 to 8 March 2026, seen from TEST_NOW by an instance with all advertisers. */
export async function openViews(): Promise<Views> {
  const sandbox = await startTestSandbox({ historyDays: 25 });
  const url = new URL(sandbox.adminUrl);
  url.pathname = `/${sandbox.databaseName}`;
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  const settings: Record<string, string> = {
    window_start: '2026-03-02',
    window_end: '2026-03-09',
    history_start: '2020-01-01',
    now: TEST_NOW.toISOString().slice(0, 16).replace('T', ' '),
    advertisers: SANDBOX_ADVERTISERS.map((advertiser) => advertiser.key).join(),
    display: 'on',
  };
  for (const table of AMC_TABLES) settings[`before_${table.name}`] = settings[`after_${table.name}`] = 'P0D';
  for (const [name, value] of Object.entries(settings)) await client.query(`SELECT set_config($1, $2, false)`, [`amc.${name}`, value]);
  // Of a window PostgreSQL expects a handful of rows, and would join thousands by loops.
  await client.query('SET enable_nestloop = off');
  const rows: Views['rows'] = async <Row>(sql: string) => (await client.query(sql)).rows as Row[];
  return {
    sandbox,
    rows,
    one: async <Row>(sql: string) => {
      const [row, ...more] = await rows<Row>(sql);
      if (row === undefined || more.length > 0) throw new Error(`Not one row but ${more.length + (row ? 1 : 0)}: ${sql}`);
      return row;
    },
    close: async () => {
      await client.end();
      await sandbox.stop();
    },
  };
}
