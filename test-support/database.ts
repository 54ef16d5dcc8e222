import { randomBytes } from 'node:crypto';
import pg from 'pg';

export interface TestDatabase {
  /** Connection string of an empty database owned by a superuser. */
  url: string;
  drop(): Promise<void>;
}

/** Makes an empty database on the run's PostgreSQL; drop() ends its connections and removes it. */
export async function createTestDatabase(template?: string): Promise<TestDatabase> {
  const admin = process.env.TEST_POSTGRES_URL;
  if (!admin) throw new Error('TEST_POSTGRES_URL is not set: run the tests through jest, whose global set-up starts PostgreSQL');
  const name = `test_${randomBytes(6).toString('hex')}`;
  await run(admin, `CREATE DATABASE ${name}${template ? ` TEMPLATE ${template}` : ''}`);
  const url = new URL(admin);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => run(admin, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
}

/**
 * The same with the collector's schema and the tables of the shipped datasets, copied from the run's template, which is quicker than
 * migrating. Migrating it then does nothing, or adds the tables of further datasets. Empty where the server has no template.
 */
export function createMigratedDatabase(): Promise<TestDatabase> {
  const template = process.env.TEST_MIGRATED_URL && new URL(process.env.TEST_MIGRATED_URL);
  const here = template && template.host === new URL(process.env.TEST_POSTGRES_URL!).host;
  return createTestDatabase(here ? template.pathname.slice(1) : undefined);
}

async function run(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
