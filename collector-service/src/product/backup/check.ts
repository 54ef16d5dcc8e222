import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { CollectorError } from '../../contract/error.ts';
import { ownMigrations } from '../../data/store/migrate.ts';
import type { OnProgress } from './context.ts';
import { explainDisk } from './disk.ts';
import { fingerprintOf } from './fingerprint.ts';
import { readManifest, type Manifest, type TableFile } from './manifest.ts';

/**
 * Reads every file of a back-up and compares it with the manifest. Needs no database and changes nothing.
 * @throws CollectorError invalid_request naming the file that is missing or damaged, or the newer version that made it
 */
export async function checkBackup(from: string, signal: AbortSignal, onProgress: OnProgress = () => undefined): Promise<Manifest> {
  const manifest = await readManifest(from);
  await assertKnown(manifest);
  const total = manifest.tables.length;
  for (const [index, table] of manifest.tables.entries()) {
    await checkFile(table, join(from, table.file), signal);
    await onProgress({ step: 'checking', table: table.name, done: index + 1, total, rows: table.rows, bytes: table.bytes });
  }
  return manifest;
}

async function assertKnown({ migrations, version }: Manifest): Promise<void> {
  const own = new Set((await ownMigrations()).map(({ sha256 }) => sha256));
  const unknown = migrations.find(({ sha256 }) => !own.has(sha256));
  if (unknown)
    throw refused(
      `The back-up was made by a newer or another version (${version}, migration ${unknown.name}). Restore it with that version.`,
    );
}

async function checkFile({ bytes, sha256 }: TableFile, path: string, signal: AbortSignal): Promise<void> {
  const there = await stat(path).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw explainDisk(error, path);
  });
  if (!there) throw damaged(path, 'it is missing');
  if (there.size !== bytes) throw damaged(path, `it has ${there.size} bytes instead of ${bytes}`);
  const found = await fingerprintOf(path, signal).catch((error: unknown) => {
    signal.throwIfAborted();
    throw explainDisk(error, path);
  });
  if (found.sha256 !== sha256) throw damaged(path, 'its SHA-256 is another one');
}

const damaged = (path: string, how: string): CollectorError =>
  refused(`${path} is damaged: ${how}. Use another copy of the back-up; nothing was changed.`);

const refused = (message: string): CollectorError => new CollectorError('invalid_request', message);
