import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { campaignRows, EVENT_TABLES, INSERT_CAMPAIGNS } from '../events/schema.ts';
import { GENERATOR_VERSION } from '../events/generate.ts';
import { EXECUTION_TABLES } from '../execution/schema.ts';
import { CREATE_FUNCTIONS } from '../tables/functions.ts';
import { CREATE_VIEWS } from '../tables/views.ts';
import { restrictReader } from './reader.ts';

export interface SandboxDatabase {
  /** The sandbox's own work: events, executions, results. */
  readonly owner: pg.Pool;
  /** Strangers' SQL: a login that may read the views and nothing else. */
  readonly reader: pg.Pool;
  readonly name: string;
  close(): Promise<void>;
}

/** How many queries of strangers run at once: a laptop has two cores, and the collector wants one of them. */
export const SQL_CONCURRENCY = 2;

export const DEFAULT_DATABASE = 'amc_sandbox';

/**
 * Makes or opens the sandbox's database on a server that is the sandbox's own. `adminUrl` names a superuser, since the
 * catalogue is closed to the reader and a temporary-file limit set for it. Another seed or generator version starts the
 * events afresh; executions stay.
 */
export async function openDatabase(adminUrl: string, seed: number, name = DEFAULT_DATABASE): Promise<SandboxDatabase> {
  if (!/^[a-z][a-z0-9_]{0,40}$/.test(name))
    throw new Error(`The sandbox database name ${name} must be lower-case letters, digits and underscores`);
  await createDatabase(adminUrl, name);
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  const owner = createPool({ connectionString: url.href, max: 6, application_name: 'amc-sandbox' });
  try {
    await createTables(owner, seed);
    const password = randomBytes(24).toString('base64url');
    const role = `${name}_reader`;
    await restrictReader(owner, { database: name, role, password });
    url.username = role;
    url.password = password;
    const reader = createPool({ connectionString: url.href, max: SQL_CONCURRENCY, application_name: 'amc-sandbox-reader' });
    return { owner, reader, name, close: async () => void (await Promise.all([owner.end(), reader.end()])) };
  } catch (error) {
    await owner.end();
    throw error;
  }
}

/** A connection that breaks, idle or lent, ends no process: its user learns it from the next statement, and the pool makes a new one. */
function createPool(config: pg.PoolConfig): pg.Pool {
  const pool = new pg.Pool(config);
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

async function createDatabase(adminUrl: string, name: string): Promise<void> {
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  try {
    const { rowCount } = await admin.query('SELECT FROM pg_database WHERE datname = $1', [name]);
    if (rowCount === 0) await admin.query(`CREATE DATABASE ${name} ENCODING 'UTF8' LOCALE 'C' TEMPLATE template0`);
  } finally {
    await admin.end();
  }
}

async function createTables(owner: pg.Pool, seed: number): Promise<void> {
  await owner.query(`CREATE SCHEMA IF NOT EXISTS sandbox; ${EXECUTION_TABLES}`);
  const fingerprint = `generator ${GENERATOR_VERSION}, seed ${seed}`;
  const { rows } = await owner.query<{ value: string }>(`SELECT value FROM sandbox.setting WHERE name = 'events'`);
  if (rows[0]?.value !== fingerprint) {
    await owner.query(`
      DROP SCHEMA IF EXISTS amc CASCADE;
      DROP TABLE IF EXISTS sandbox.loaded_day, sandbox.campaign, sandbox.plan, sandbox.sponsored_traffic, sandbox.dsp_traffic, sandbox.conversion CASCADE;
      ${EVENT_TABLES}`);
    await owner.query(`INSERT INTO sandbox.setting VALUES ('events', $1) ON CONFLICT (name) DO UPDATE SET value = $1`, [fingerprint]);
  }
  await owner.query(INSERT_CAMPAIGNS, [JSON.stringify(campaignRows())]);
  await owner.query(`BEGIN; ${CREATE_VIEWS}; ${CREATE_FUNCTIONS}; COMMIT`);
}
