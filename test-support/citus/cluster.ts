import { randomBytes } from 'node:crypto';
import pg from 'pg';
import type { Dataset } from '@amc-reports/collector-service/data/catalogue/dataset.ts';
import { citusPlan } from '@amc-reports/collector-service/data/store/citus/plan.ts';
import { migrate } from '@amc-reports/collector-service/data/store/migrate.ts';
import { openStore } from '@amc-reports/collector-service/data/store/store.ts';
import { READER_ROLE } from '@amc-reports/collector-service/data/store/reader-role.ts';
import type { TestDatabase } from '../database.ts';

/**
 * A superuser's address on the coordinator of a Citus cluster for tests, and host:port of its workers, by commas. All machines must let
 * each other and the tests in without a password. No package that the tests can install has Citus, so they ask for one by the environment.
 */
const COORDINATOR = process.env.CITUS_URL;
const WORKERS = (process.env.CITUS_WORKERS ?? '').split(',').filter(Boolean);

export const citusAtHand = COORDINATOR !== undefined;

export interface CitusDatabase extends TestDatabase {
  /** The same as a superuser. */
  adminUrl: string;
  workers: readonly string[];
  /** host:port of the coordinator. */
  coordinator: string;
}

/** A database on every machine of the cluster, with Citus in it unless told, owned by a login that is no superuser. */
export async function createCitusDatabase({ extension = true } = {}): Promise<CitusDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  const nodes = [COORDINATOR!, ...WORKERS.map((worker) => Object.assign(new URL(COORDINATOR!), { host: worker }).href)];
  const login = `${name}_login`;
  for (const [index, node] of nodes.entries()) {
    await run(node, `CREATE ROLE ${login} LOGIN ${index === 0 ? 'CREATEROLE' : ''}`).catch(ignoreDuplicate);
    // The reader's role is the whole server's, and its maker was another test's login.
    await run(node, `GRANT ${READER_ROLE} TO ${login} WITH SET TRUE, INHERIT FALSE`).catch(ignoreMissing);
    await run(node, `CREATE DATABASE ${name} OWNER ${login}`);
    if (extension) await run(inDatabase(node, name), 'CREATE EXTENSION citus');
  }
  const own = new URL(inDatabase(COORDINATOR!, name));
  const coordinator = own.host;
  own.username = login;
  own.password = '';
  return {
    url: own.href,
    adminUrl: inDatabase(COORDINATOR!, name),
    workers: WORKERS,
    coordinator,
    async drop() {
      for (const node of nodes) await run(node, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    },
  };
}

/** The same, migrated and spread over the workers as the plan says. */
export async function createDistributedDatabase(datasets: readonly Dataset[], shards: number): Promise<CitusDatabase> {
  const database = await createCitusDatabase();
  const store = await openStore(database.url, { maxConnections: 2 });
  await migrate(store, { datasets });
  await distribute(database, shards);
  await store.close();
  return database;
}

/** Carries out what the plan says at this moment. */
export async function distribute({ url, adminUrl, coordinator, workers }: CitusDatabase, shards: number): Promise<void> {
  const store = await openStore(url, { maxConnections: 2 });
  const { sql, obstacles } = await citusPlan(store.pool, { coordinator, workers, shards });
  await store.close();
  if (obstacles.length > 0) throw new Error(obstacles.join('\n'));
  await run(adminUrl, ...sql.split('\n').filter((line) => line !== '' && !/^(--|\\)/.test(line)));
}

function inDatabase(url: string, name: string): string {
  const other = new URL(url);
  other.pathname = `/${name}`;
  return other.href;
}

/** A role belongs to a whole server, and the coordinator may have sent it on. */
function ignoreDuplicate(error: { code?: string }): void {
  if (error.code !== '42710') throw error as Error;
}

function ignoreMissing(error: { code?: string }): void {
  if (error.code !== '42704') throw error as Error;
}

/** Runs statements one by one, as psql does, and stops at the first that fails. */
export async function run(url: string, ...statements: string[]): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}
