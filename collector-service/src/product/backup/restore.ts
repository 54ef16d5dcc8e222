import { join } from 'node:path';
import { CollectorError } from '../../contract/error.ts';
import { makeSchema } from '../../data/store/migrate.ts';
import { markRestore, restoreUnderWay, takeRestore, unmarkRestore } from '../../data/store/restore-marker.ts';
import { crashPoint } from '../../ground/crash-point.ts';
import type { Tx } from '../../ground/database.ts';
import { VERSION } from '../../ground/version.ts';
import type { BackupContext, OnProgress } from './context.ts';
import { fillTables } from './fill-tables.ts';
import type { Manifest } from './manifest.ts';
import { recordInEach } from './record.ts';
import { takeBackRuns } from './statements/runs.ts';
import { setSequence } from './statements/sequences.ts';
import { fixSession } from './statements/session.ts';
import { tablesInTheWay } from './statements/tables.ts';
import { assertSameWeeks } from './same-weeks.ts';

export interface RestoreRequest {
  /** Folder of the back-up, whose files were checked (check.ts). */
  from: string;
  manifest: Manifest;
}

export interface Restored {
  /** Tables of the back-up that are none of the collector's. */
  leftOut: string[];
  /** False when this server hashes rows otherwise, so that weeks were counted by their files alone. */
  weeksCompared: boolean;
}

/** How far fences and ids jump: farther than the lost collector can have counted on after the back-up was taken. */
const LEAP = 1_000_000;
/** Ids that others hold on to: workers their runs, open pages the last event they heard. */
const LEAPING = ['week_runs', 'outbox'];

/**
 * Fills an empty database with a back-up. All rows come in one transaction, together with what makes them safe to go on with, and are
 * compared before it commits. Until then the database is marked as half restored, which every start refuses and the same restore may
 * repeat. Server, owner and login may be any.
 * @throws CollectorError conflict when the database is not empty, result_value when what arrived is not what was backed up, disk_full
 */
export async function restore(ctx: BackupContext, request: RestoreRequest, onProgress: OnProgress = () => undefined): Promise<Restored> {
  const { store, logger, signal } = ctx;
  const { manifest } = request;
  await markEmptyDatabase(ctx, manifest);
  crashPoint('restore.afterMark');
  await makeSchema(
    store,
    manifest.migrations.map(({ number }) => number),
    logger,
  );
  try {
    return await store.transaction((tx) => bringRows(tx, ctx, request, onProgress), { retries: 0, signal });
  } catch (error) {
    if (!(error instanceof CollectorError) || error.code !== 'disk_full') throw error;
    const message = `The database's disk is full; nothing of the back-up is in the database. Free some space, then run the same restore again.`;
    throw new CollectorError('disk_full', message, { cause: error });
  }
}

async function markEmptyDatabase({ store }: BackupContext, { id }: Manifest): Promise<void> {
  const underWay = await restoreUnderWay(store.pool);
  if (underWay === id) return;
  if (underWay !== undefined)
    throw new CollectorError(
      'conflict',
      'A restore of another back-up into this database did not finish. Repeat that one, or use a new, empty database.',
    );
  const there = await tablesInTheWay(store.pool);
  if (there.length > 0)
    throw new CollectorError(
      'conflict',
      `The database is not empty: it has ${there.join(', ')}. Restore into a new database (or an empty DATA_DIR); nothing was changed.`,
    );
  await markRestore(store.pool, id);
}

async function bringRows(tx: Tx, ctx: BackupContext, { from, manifest }: RestoreRequest, onProgress: OnProgress): Promise<Restored> {
  await fixSession(tx);
  await takeRestore(tx);
  const { leftOut } = await fillTables(tx, manifest, (file) => join(from, file), ctx.signal, onProgress);
  for (const sequence of manifest.sequences.filter(({ table }) => !leftOut.includes(table))) {
    const newest = BigInt(sequence.last ?? 0) + BigInt(LEAPING.includes(sequence.table) ? LEAP : 0);
    if (newest > 0n) await setSequence(tx, sequence, newest);
  }
  const weeksCompared = await assertSameWeeks(tx, manifest);
  await takeBackRuns(tx, manifest.takenAt, LEAP);
  await recordInEach(tx, ctx.actor, 'database.restore', manifest, { restoredBy: VERSION });
  await unmarkRestore(tx);
  crashPoint('restore.beforeCommit');
  return { leftOut, weeksCompared };
}
