import type pg from 'pg';
import type { ConstructorOptions, PgBoss } from 'pg-boss';
import manifest from 'pg-boss/package.json' with { type: 'json' };

/** The version of its tables that this pg-boss works with. */
export const SCHEMA_VERSION: number = manifest.pgboss.schema;

/** A pool, or the connection of a transaction. */
export type Database = Pick<pg.Pool | pg.PoolClient, 'query'>;

/**
 * The library, over our own connections: with their deadlines, and in our transactions. Until it is started it holds no timer and sends
 * nothing by itself. Loaded when first needed, since most commands never do.
 */
export async function createBoss(db: Database, options: ConstructorOptions): Promise<PgBoss> {
  const boss = await import('pg-boss');
  const executeSql = (text: string, values?: unknown[]) => db.query(text, values);
  return new boss.PgBoss({ db: { executeSql }, registerInstance: false, openTelemetry: { enabled: false }, ...options });
}
