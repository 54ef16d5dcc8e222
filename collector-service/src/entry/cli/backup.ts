import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { CollectorError } from '../../contract/error.ts';
import { backup } from '../../product/backup/backup.ts';
import { assertKeyCopy, copyKey, whereKeysAre, type KeyPlace } from '../../product/backup/keys.ts';
import type { Manifest } from '../../product/backup/manifest.ts';
import { backupProgress } from './backup-progress.ts';
import { formatBytes } from './bytes.ts';
import { openBareDatabase } from './bare-database.ts';
import { runCommand, type CommandContext } from './run.ts';
import { formatWeeks } from '../../ground/calendar/window-words.ts';

export const backupCommand = (): Command =>
  new Command('backup')
    .description('Write everything in the database to a directory, as it is at one moment; the collector may go on')
    .argument('<directory>', 'new or empty; nothing is ever overwritten')
    .option('--key-to <file>', 'also copy the file of the keys that protect credentials there, apart from the back-up')
    .addHelpText(
      'after',
      `
A file for each table, packed, and a manifest with the SHA-256 of each. The keys are not in it: without them a restored collector has its
data, and credentials have to be entered again. Exit code 1 when rows of a week were not what its record says (collector rebuild).
Restore it with: collector restore <directory>`,
    )
    .action(async (directory: string, { keyTo }: { keyTo?: string }) => {
      process.exitCode = await runCommand((context) => run(context, resolve(directory), keyTo === undefined ? undefined : resolve(keyTo)), {
        logLevel: 'warn',
      });
    });

async function run(context: CommandContext, directory: string, keyTo: string | undefined): Promise<number> {
  const { config, out } = context;
  const keys: KeyPlace = { encryptionKey: config.encryptionKey, keyFile: join(config.dataDir, 'encryption.key') };
  if (keyTo !== undefined) assertKeyCopy(keys, keyTo, directory);
  // Looking for a database must not make one.
  if (config.databaseUrl === undefined && !existsSync(join(config.dataDir, 'postgres')))
    throw new CollectorError(
      'invalid_request',
      `There is nothing to back up: ${config.dataDir} holds no database, and DATABASE_URL is not set.`,
    );
  const progress = backupProgress(process.stderr);
  const manifest = await backup(await openBareDatabase(context), { to: directory }, progress.onProgress).finally(progress.end);
  if (keyTo !== undefined) await copyKey(keys.keyFile, keyTo);
  out(summary(manifest, directory));
  out(aboutKeys(manifest, keys, keyTo));
  const { differing } = manifest.weeks;
  if (differing.length > 0)
    out(
      `The rows of ${formatWeeks(differing.length)} are not what was accepted, here as in the back-up. See which: collector rebuild --verify`,
    );
  return differing.length > 0 ? 1 : 0;
}

function summary({ tables, weeks, takenAt }: Manifest, directory: string): string {
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  const bytes = tables.reduce((sum, table) => sum + table.bytes, 0);
  return `Backed up ${tables.length} tables, ${rows.toLocaleString('en')} rows, ${formatWeeks(weeks.checked)} (${formatBytes(bytes)}) as of ${takenAt.slice(0, 19)}Z to ${directory}`;
}

function aboutKeys({ keys }: Manifest, place: KeyPlace, copy: string | undefined): string {
  if (copy !== undefined) return `The keys are not in it; their copy is ${copy}. Keep the two apart.`;
  const ids = keys.map(({ id }) => id).join(', ');
  return keys.length === 0
    ? 'No credentials are stored, so no key is needed to restore it.'
    : `Not in it: the keys of the stored credentials (${ids}), which are in ${whereKeysAre(place)}. They are needed to restore; keep them, apart from the back-up.`;
}
