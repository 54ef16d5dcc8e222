// One real PostgreSQL for the whole run; every test file makes its own database in it (testing/database.ts).
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startEmbeddedPostgres } from '@amc-reports/collector-service/data/store/embedded.ts';
import { makeTemplate } from './template.ts';

// A test database may forget; it must be quick.
const FORGETFUL = ['fsync', 'synchronous_commit', 'full_page_writes'];

export default async function globalSetup() {
  if (process.env.TEST_POSTGRES_URL) return;
  const dataDir = await mkdtemp(join(tmpdir(), 'amc-reports-test-'));
  // Under root the server runs as another user and must get in.
  await chmod(dataDir, 0o755);
  const postgres = await startEmbeddedPostgres({ dataDir });
  const url = new URL(postgres.adminUrl);
  url.pathname = '/postgres';
  const client = new pg.Client(url.href);
  await client.connect();
  for (const name of FORGETFUL) await client.query(`ALTER SYSTEM SET ${name} = off`);
  await client.query('SELECT pg_reload_conf()');
  await client.end();
  process.env.TEST_POSTGRES_URL = url.href;
  process.env.TEST_MIGRATED_URL = await makeTemplate(url.href);
  globalThis.__STOP_TEST_POSTGRES__ = async () => {
    await postgres.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
}
