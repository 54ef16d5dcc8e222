import { createInterface } from 'node:readline/promises';
import { Command, InvalidArgumentError } from 'commander';
import { CollectorError } from '../../contract/error.ts';
import { CLEAN_UPS, cleanUp, describeCleanUp, type CleanUpName } from '../../product/upkeep/clean-up.ts';
import { dropVersion, listVersions, type DatasetVersion } from '../../product/upkeep/drop-version.ts';
import { formatBytes } from './bytes.ts';
import { commandContext } from './context.ts';
import { runOnDatabase, type CommandContext } from './run.ts';
import { textTable } from './table.ts';

function names(text: string): CleanUpName[] {
  const asked = text.split(',').map((each) => each.trim());
  const unknown = asked.find((each) => !CLEAN_UPS.includes(each as CleanUpName));
  if (unknown !== undefined) throw new InvalidArgumentError(`'${unknown}' is none of ${CLEAN_UPS.join(', ')}.`);
  return asked as CleanUpName[];
}

function datasetVersion(text: string): { dataset: string; version: number } {
  const [, dataset, version] = /^([a-z][a-z0-9_]{0,40})@(\d{1,3})$/.exec(text) ?? [];
  if (dataset === undefined) throw new InvalidArgumentError('must be a dataset and its version, for example campaign_performance@1.');
  return { dataset, version: Number(version) };
}

interface Options {
  dryRun?: boolean;
  only?: CleanUpName[];
  versions?: boolean;
  dropVersion?: { dataset: string; version: number };
  yes?: boolean;
}

export const cleanUpCommand = (): Command =>
  new Command('clean-up')
    .description('Remove what has outlived its use: left-over files, old records, tables of old dataset versions')
    .option('--dry-run', 'say what would go and touch nothing')
    .option('--only <names>', `comma-separated, of ${CLEAN_UPS.join(', ')}`, names)
    .option('--versions', 'list dataset versions and what still needs them; removes nothing')
    .option('--drop-version <name@version>', 'drop the tables, weeks and files of a version that nothing needs', datasetVersion)
    .option('--yes', 'drop without asking')
    .addHelpText(
      'after',
      '\nWorkers do this once a day (without dropping tables). How long things are kept: KEEP_RESULT_FILES_WEEKS, KEEP_HELD_FILES_DAYS,\nKEEP_RUNS_DAYS, KEEP_AUDIT_DAYS; see docs/operations.md. Temporary tables of aborted merges go by themselves.',
    )
    .action(async (options: Options) => {
      process.exitCode = await runOnDatabase(async (foundation, context) => {
        const ctx = commandContext(foundation, context.signal);
        if (options.versions === true) {
          context.out(versionTable(await listVersions(ctx)));
          return 0;
        }
        if (options.dropVersion !== undefined) {
          const { dataset, version } = options.dropVersion;
          const found = await dropVersion(ctx, { dataset, version, dryRun: true });
          const what = `${found.dataset} version ${found.version}: ${found.weeks} weeks, ${formatBytes(Number(found.bytes))} of tables, and their stored files`;
          if (options.dryRun === true) context.out(`Would drop ${what}.`);
          else {
            if (options.yes !== true) await confirm(`${dataset}@${version}`, what, context);
            await dropVersion(ctx, { dataset, version, dryRun: false });
            context.out(`Dropped ${what}.`);
          }
          return 0;
        }
        const dryRun = options.dryRun === true;
        const removed = await cleanUp(ctx, { only: options.only, dryRun });
        context.out(
          textTable(
            ['what', dryRun ? 'would go' : 'gone', 'size', ''],
            removed.map(({ what, rows, bytes }) => [
              what,
              rows.toLocaleString('en'),
              bytes === null ? '' : formatBytes(bytes),
              describeCleanUp(what, ctx.retention),
            ]),
          ),
        );
        if (dryRun) context.out('\nNothing was removed (--dry-run).');
        return 0;
      });
    });

/** The name typed again, on a terminal; elsewhere --yes says it. */
async function confirm(name: string, what: string, { signal }: CommandContext): Promise<void> {
  const refused = (how: string) => new CollectorError('invalid_request', `Nothing was dropped: ${how}.`);
  if (!process.stdin.isTTY) throw refused('repeat the command with --yes to drop it without a question');
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await prompt.question(`This drops ${what}. It cannot be undone. Type ${name} to go on: `, { signal });
    if (answer.trim() !== name) throw refused(`'${answer.trim()}' is not ${name}`);
  } finally {
    prompt.close();
  }
}

const STATES: Record<DatasetVersion['state'], string> = {
  collected: 'in use: collected',
  only_copy: 'in use: has weeks of its own',
  loaded: 'unused, its file is loaded',
  unused: 'unused: may be dropped',
};

const versionTable = (versions: readonly DatasetVersion[]): string =>
  textTable(
    ['dataset', 'version', 'live collections', 'weeks', 'only here', 'tables', ''],
    versions.map(({ dataset, version, liveCollections, weeks, onlyHere, bytes, state }) => [
      dataset,
      String(version),
      String(liveCollections),
      String(weeks),
      String(onlyHere),
      formatBytes(Number(bytes)),
      STATES[state],
    ]),
  );
