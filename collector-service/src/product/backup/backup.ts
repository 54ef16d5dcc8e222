import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { CollectorError } from '../../contract/error.ts';
import { appliedMigrations, ownMigrations, type Migration } from '../../data/store/migrate.ts';
import { findUnprotected } from '../../data/store/protection.ts';
import { refuseHalfRestored } from '../../data/store/restore-marker.ts';
import type { Tx } from '../../ground/database.ts';
import { VERSION } from '../../ground/version.ts';
import type { BackupContext, OnProgress } from './context.ts';
import { emptyDirectory, explainDisk, TABLES, takeEmptyDirectory } from './disk.ts';
import { writeManifest, type Manifest, type TableFile } from './manifest.ts';
import { recordInEach } from './record.ts';
import { keysInUse } from './statements/keys.ts';
import { readSequences } from './statements/sequences.ts';
import { fixSession } from './statements/session.ts';
import { datasetTables, isDistributed, listTables, lockTables, shapeOf, type TableColumns } from './statements/tables.ts';
import { checkWeeks } from './statements/weeks.ts';
import { writeTable } from './table-file.ts';

export interface BackupRequest {
  /** Folder to write to; made when it is not there, and empty when it is. */
  to: string;
}

/**
 * Writes all rows of the database as they were at one moment into a folder: a file for each table and a manifest with their hashes,
 * written last. Workers, questions and starts go on meanwhile. Keys are not in it.
 * @throws CollectorError conflict for a folder that is not empty, or tables that changed at the moment; invalid_request when there
 *   is nothing to back up or not by this version; disk_full. The folder is left empty then
 */
export async function backup(ctx: BackupContext, { to }: BackupRequest, onProgress: OnProgress = () => undefined): Promise<Manifest> {
  const { store, signal } = ctx;
  const migrations = await assertBackable(ctx);
  await takeEmptyDirectory(to);
  try {
    const tables = await listTables(store.pool);
    const taken = await store.transaction((tx) => writeTables(tx, tables, to, signal, onProgress), {
      isolation: 'repeatable read',
      retries: 0,
      signal,
    });
    const manifest = { id: randomUUID(), version: VERSION, migrations, ...taken };
    // Everything goes out of the house: that is on record before there is a back-up.
    await store.transaction((tx) => recordInEach(tx, ctx.actor, 'database.backup', manifest, { to }), { signal });
    await writeManifest(to, manifest);
    return { format: 1, ...manifest };
  } catch (error) {
    await emptyDirectory(to);
    throw explainDisk(error, to);
  }
}

/** @returns the migrations the database has had */
async function assertBackable({ store }: BackupContext): Promise<Migration[]> {
  const applied = await appliedMigrations(store.pool);
  if (applied.length === 0) throw refused('There is nothing to back up: the database holds no table of AMC Reports.');
  await refuseHalfRestored(store.pool);
  const own = await ownMigrations();
  if (applied.map(({ sha256 }) => sha256).join() !== own.map(({ sha256 }) => sha256).join())
    throw refused(
      `The database was migrated by another version (its newest migration is ${applied.at(-1)!.name}, ours ${own.at(-1)!.name}). Back up with the version that runs.`,
    );
  if (await isDistributed(store.pool))
    throw refused(
      'The tables are spread over Citus nodes, which share no snapshot. Back up every node at one restore point, as Citus describes.',
    );
  return applied;
}

type Taken = Omit<Manifest, 'format' | 'id' | 'version' | 'migrations'>;

async function writeTables(
  tx: Tx,
  tables: readonly TableColumns[],
  directory: string,
  signal: AbortSignal,
  onProgress: OnProgress,
): Promise<Taken> {
  await tx.query('SET TRANSACTION READ ONLY');
  await fixSession(tx);
  await lockTables(tx, tables);
  // What is read from here on is one snapshot. now() is when the transaction began: nothing that was bought before is missing in it.
  const { takenAt, postgres } = await moment(tx);
  if (JSON.stringify(await listTables(tx)) !== JSON.stringify(tables))
    throw new CollectorError('conflict', 'Tables were made or changed at this very moment. Back up again.', { kind: 'transient' });
  await assertSeesAll(tx);
  const ofDatasets = await datasetTables(tx);
  const files: TableFile[] = [];
  for (const table of tables) {
    const file = `${TABLES}/${table.name}.copy.zst`;
    const shape = ofDatasets.has(table.name) ? await shapeOf(tx, table.name) : null;
    const written = await writeTable(tx, table, join(directory, file), signal);
    files.push({ ...table, shape, file, ...written });
    await onProgress({ step: 'writing', table: table.name, done: files.length, total: tables.length, ...written });
  }
  const names = tables.map(({ name }) => name);
  return {
    takenAt,
    postgres,
    keys: await keysInUse(tx),
    tables: files,
    sequences: await readSequences(tx, names),
    weeks: await checkWeeks(tx),
  };
}

async function moment(tx: Tx): Promise<{ takenAt: string; postgres: string }> {
  const { rows } = await tx.query<{ takenAt: string; postgres: string }>(
    `SELECT to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS "takenAt", current_setting('server_version') AS postgres`,
  );
  return rows[0]!;
}

/** A policy that does not know our login would make a table look empty, and the back-up too. */
async function assertSeesAll(tx: Tx): Promise<void> {
  const blind = (await findUnprotected(tx)).filter(({ ownerBlind }) => ownerBlind).map(({ table }) => table);
  if (blind.length > 0)
    throw refused(`This login does not see all rows of ${blind.join(', ')}: run \`collector migrate\` first, which makes policies again.`);
}

const refused = (message: string): CollectorError => new CollectorError('invalid_request', message);
