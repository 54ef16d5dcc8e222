import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type pg from 'pg';
import type { Logger } from 'pino';
import type { Dataset } from '../catalogue/dataset.ts';
import { CollectorError } from '../../contract/error.ts';
import { crashPoint } from '../../ground/crash-point.ts';
import type { AnyJob } from '../../ground/jobs/job.ts';
import { prepareJobs } from '../../ground/jobs/prepare.ts';
import { createDatasetTables } from './dataset-tables.ts';
import { classify } from './errors.ts';
import { protectTables } from './protection.ts';
import { assertReadable } from './readable.ts';
import { ensureReaderRole } from './reader-role.ts';
import { withConnection } from './connection.ts';
import type { Store } from './store.ts';
import { refuseHalfRestored } from './restore-marker.ts';

export interface MigrateOptions {
  datasets: readonly Dataset[];
  /** The everyday jobs there are; none unless told. */
  jobs?: readonly AnyJob[];
  logger?: Logger;
  /** Folder of numbered SQL files; ours unless told. */
  directory?: string;
}

/** Any number, as long as it stays: it keeps two migrations of one database apart. */
const LOCK = 7_403_196_201;
const FILE_NAME = /^(\d{4})_[a-z0-9_]+\.sql$/;

/**
 * Brings the database up to this version of the code: numbered SQL files, the tables and queues of everyday jobs, then the tables of
 * datasets that have none yet. Each file is one transaction. Running it again, or twice at once, changes nothing more. The reader
 * role, grants and policies that a foreign restore lost are made again.
 * @throws CollectorError config_invalid when an applied file was changed, the database is newer than the code,
 *   a dataset was changed without a new version, our login lacks a right it needs, or readers may not read in spite of all;
 *   conflict when a restore into the database did not finish
 */
export const migrate = (store: Pick<Store, 'pool'>, options: MigrateOptions): Promise<void> =>
  underLock(store, async (db) => {
    const { datasets, jobs = [], logger, directory = ownDirectory() } = options;
    const files = await readMigrations(directory);
    await refuseHalfRestored(db);
    await ensureReaderRole(db);
    // First of all: to an owner whom the policies do not know, tables look empty, and a migration would change nothing in them.
    await protectTables(db, logger);
    await applyFiles(db, files, logger);
    await prepareJobs(db, jobs);
    await createDatasetTables(db, datasets, logger);
    await assertReadable(db, datasets);
  });

/** The tables as they were after the migrations of the given numbers, for a restore to fill. @throws CollectorError as migrate() */
export const makeSchema = (store: Pick<Store, 'pool'>, numbers: readonly number[], logger?: Logger): Promise<void> =>
  underLock(store, async (db) => {
    const files = await readMigrations(ownDirectory());
    await ensureReaderRole(db);
    await applyFiles(
      db,
      files.filter(({ number }) => numbers.includes(number)),
      logger,
    );
  });

async function underLock(store: Pick<Store, 'pool'>, work: (db: pg.PoolClient) => Promise<void>): Promise<void> {
  try {
    await withConnection(store.pool, undefined, async (db) => {
      await takeLock(db);
      try {
        await work(db);
      } finally {
        await db.query('ROLLBACK');
        await db.query('SELECT pg_advisory_unlock($1)', [LOCK]);
      }
    });
  } catch (error) {
    throw (error as { code?: string }).code === '42501' ? missingRight(error as Error) : classify(error);
  }
}

/** Of the session, not of a transaction: every file is a transaction of its own. */
async function takeLock(db: pg.PoolClient): Promise<void> {
  await db.query(`SET lock_timeout = '120s'`);
  try {
    await db.query('SELECT pg_advisory_lock($1)', [LOCK]);
  } finally {
    await db.query('RESET lock_timeout');
  }
}

function missingRight(error: Error): CollectorError {
  const message =
    `The database login lacks a right that the tables need: ${error.message}. ` +
    'Make it the owner of its database, or ask the administrator to GRANT CREATE ON SCHEMA public and CREATE ON the database to it. ' +
    'If the tables were restored as somebody else, restore them again with pg_restore --no-owner --role=LOGIN, or make the login their owner.';
  return new CollectorError('config_invalid', message, { cause: error });
}

export interface Migration {
  number: number;
  name: string;
  sha256: string;
}

interface MigrationFile extends Migration {
  sql: string;
}

/** The migrations of this version of the code, in order. */
export const ownMigrations = async (): Promise<Migration[]> =>
  (await readMigrations(ownDirectory())).map(({ number, name, sha256 }) => ({ number, name, sha256 }));

/** Those that were applied to the database, in order; none when it has no table of ours. */
export async function appliedMigrations(db: Pick<pg.Pool | pg.PoolClient, 'query'>): Promise<Migration[]> {
  const { rows } = await db.query<{ made: boolean }>(`SELECT to_regclass('schema_migrations') IS NOT NULL AS made`);
  return rows[0]!.made ? readApplied(db) : [];
}

const ownDirectory = (): string => join(import.meta.dirname, 'migrations');

async function readMigrations(directory: string): Promise<MigrationFile[]> {
  const names = (await readdir(directory)).filter((name) => FILE_NAME.test(name)).sort();
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(join(directory, name), 'utf8');
      return { number: Number(name.slice(0, 4)), name, sql, sha256: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}

async function applyFiles(db: pg.PoolClient, files: MigrationFile[], logger: Logger | undefined): Promise<void> {
  await createMigrationsTable(db);
  const applied = new Map((await readApplied(db)).map((row) => [row.number, row]));
  const newest = files.at(-1)?.number ?? 0;
  for (const row of applied.values()) {
    if (row.number > newest)
      throw new CollectorError(
        'config_invalid',
        `The database was migrated by a newer version (${row.name}). Update this installation, or use the newer one.`,
      );
  }
  for (const file of files) {
    const before = applied.get(file.number);
    if (before === undefined) {
      logger?.info({ migration: file.name }, 'Applying a migration.');
      await applyFile(db, file);
    } else if (before.sha256 !== file.sha256) {
      throw new CollectorError(
        'config_invalid',
        `Migration ${file.name} was changed after it had been applied. Restore the file and put the change into a new one.`,
      );
    }
  }
}

/** The row goes in first: a second migrator that got past the lock stops here instead of half-way through the file. */
async function applyFile(db: pg.PoolClient, file: MigrationFile): Promise<void> {
  await db.query('BEGIN');
  await db.query('INSERT INTO schema_migrations (number, name, sha256) VALUES ($1, $2, $3)', [file.number, file.name, file.sha256]);
  await db.query(file.sql);
  crashPoint('migrate.insideFile');
  await db.query('COMMIT');
}

const createMigrationsTable = (db: pg.PoolClient) =>
  db.query(`CREATE TABLE IF NOT EXISTS schema_migrations (
    number integer PRIMARY KEY, name text NOT NULL, sha256 text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())`);

const readApplied = async (db: Pick<pg.Pool | pg.PoolClient, 'query'>): Promise<Migration[]> =>
  (await db.query('SELECT number, name, sha256 FROM schema_migrations ORDER BY number')).rows;
