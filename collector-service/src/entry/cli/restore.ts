import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { CollectorError } from '../../contract/error.ts';
import { checkBackup } from '../../product/backup/check.ts';
import { placeKeys } from '../../product/backup/keys.ts';
import type { Manifest } from '../../product/backup/manifest.ts';
import { restore, type Restored } from '../../product/backup/restore.ts';
import { backupProgress } from './backup-progress.ts';
import { openBareDatabase } from './bare-database.ts';
import { runCommand, type CommandContext } from './run.ts';
import { formatWeeks } from '../../ground/calendar/window-words.ts';

interface Options {
  check?: boolean;
  key?: string;
  withoutKey?: boolean;
}

export const restoreCommand = (): Command =>
  new Command('restore')
    .description('Fill an empty database with a back-up of `collector backup`')
    .argument('<directory>', 'the back-up')
    .option('--check', 'only read every file and compare its hash; restores nothing and needs no database')
    .option('--key <file>', 'the key file of the old installation; it becomes the one of this installation')
    .option('--without-key', 'the keys are lost: restore the rest; credentials have to be entered again')
    .addHelpText(
      'after',
      `
The database is the one of DATABASE_URL, with any owner and login that may create roles, or a new embedded one in an empty DATA_DIR.
Stop the old collector first. Every file is checked before anything is changed, and weeks are compared by hash afterwards. A restore that
is interrupted is run again with the same back-up; until it has finished no collector starts on that database.`,
    )
    .action(async (directory: string, options: Options) => {
      process.exitCode = await runCommand((context) => run(context, resolve(directory), options), { logLevel: 'warn' });
    });

async function run(context: CommandContext, from: string, { check, key, withoutKey }: Options): Promise<number> {
  const { config, signal, out } = context;
  if (key !== undefined && withoutKey === true) throw new CollectorError('invalid_request', 'Give --key or --without-key, not both.');
  const progress = backupProgress(process.stderr);
  try {
    const manifest = await checkBackup(from, signal, progress.onProgress);
    if (check === true) {
      out(
        `The back-up of ${manifest.takenAt.slice(0, 19)}Z is whole: ${manifest.tables.length} files, ${formatWeeks(manifest.weeks.checked)}.`,
      );
      return 0;
    }
    const place = { encryptionKey: config.encryptionKey, keyFile: join(config.dataDir, 'encryption.key') };
    const takeAway = withoutKey === true ? async () => undefined : await placeKeys(place, manifest, key && resolve(key));
    try {
      const restored = await restore(await openBareDatabase(context), { from, manifest }, progress.onProgress);
      out(describe(manifest, restored));
    } catch (error) {
      await takeAway();
      throw error;
    }
    return 0;
  } finally {
    progress.end();
  }
}

function describe({ tables, takenAt, weeks }: Manifest, { leftOut, weeksCompared }: Restored): string {
  const rows = tables.filter(({ name }) => !leftOut.includes(name)).reduce((sum, table) => sum + table.rows, 0);
  const compared = weeksCompared
    ? `${formatWeeks(weeks.checked)} compared by hash`
    : 'weeks are compared by `collector rebuild --verify`, since keys or tables are to be made anew at the next start';
  return [
    `Restored ${tables.length - leftOut.length} tables, ${rows.toLocaleString('en')} rows as of ${takenAt.slice(0, 19)}Z; ${compared}.`,
    ...(leftOut.length > 0 ? [`Left out, because they are not of AMC Reports: ${leftOut.join(', ')}.`] : []),
    'What Amazon was asked for since then is looked for there before anything is bought again. Start the collector; `collector rebuild --verify` compares rows with the stored files.',
  ].join('\n');
}
