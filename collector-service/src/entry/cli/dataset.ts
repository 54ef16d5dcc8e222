import { Command, InvalidArgumentError } from 'commander';
import { upgradeDataset, type UpgradedInstance } from '../../product/upkeep/upgrade/upgrade.ts';
import { commandContext } from './context.ts';
import { createProgressBar } from './progress-bar.ts';
import { runOnDatabase } from './run.ts';
import { formatWeeks } from '../../ground/calendar/window-words.ts';

function version(text: string): number {
  if (!/^\d{1,3}$/.test(text)) throw new InvalidArgumentError('must be the number of a version.');
  return Number(text);
}

export const datasetCommand = (): Command =>
  new Command('dataset')
    .description('Versions of datasets')
    .addHelpText('after', '\nVersions and what needs them: collector clean-up --versions. Writing datasets: docs/datasets.md.')
    .addCommand(upgradeCommand());

interface Options {
  to: number;
  instance?: string[];
  trustFiles?: boolean;
  collectMissing?: boolean;
  dryRun?: boolean;
}

const upgradeCommand = (): Command =>
  new Command('upgrade')
    .description('Fill a newer version of a dataset from the stored files of the older one, and move its collections')
    .argument('<name>', 'a dataset of which both versions are loaded')
    .requiredOption('--to <version>', 'the newer version', version)
    .option('--instance <ids...>', 'AMC instance ids; all when left out')
    .option('--trust-files', 'the SQL changed, but rows made by the old SQL mean the same')
    .option('--collect-missing', 'move although some weeks cannot be made from their files, and have Amazon compute those (paid)')
    .option('--dry-run', 'try every week and undo it; move nothing')
    .addHelpText(
      'after',
      '\nAmazon is not asked for what the files hold. Both versions stay readable; the new one answers once the collections are moved.\nRepeat the command to go on after an interruption. Exit code 1 when an instance could not be moved.',
    )
    .action(async (name: string, { instance, ...options }: Options) => {
      process.exitCode = await runOnDatabase(async (foundation, { signal, out }) => {
        const bar = createProgressBar(process.stderr);
        const counts = { stuck: 0, rows: 0 };
        const dryRun = options.dryRun === true;
        const upgraded = await upgradeDataset(
          commandContext(foundation, signal),
          {
            dataset: name,
            to: options.to,
            instances: instance ?? [],
            trustFiles: options.trustFiles === true,
            collectMissing: options.collectMissing === true,
            dryRun,
          },
          (_, { outcome, rows }, done, total) => {
            counts.stuck += outcome === 'filled' || outcome === 'there' ? 0 : 1;
            counts.rows += rows;
            bar.draw({ ...counts, done, total });
          },
        ).finally(() => bar.end());
        if (upgraded.length === 0) out(`No instance has an older version of ${name}.`);
        for (const each of upgraded) out(describe(each, options.to, dryRun));
        if (dryRun) out('Nothing was written (--dry-run).');
        return upgraded.some(({ blocked }) => blocked !== null) ? 1 : 0;
      });
    });

function describe({ instance, from, weeks, toCollect, moved, blocked }: UpgradedInstance, to: number, dryRun: boolean): string {
  const count = (...outcomes: string[]) => weeks.filter(({ outcome }) => outcomes.includes(outcome)).length;
  const lines = [
    `${instance}, version ${from} to ${to}: ${formatWeeks(count('filled'))} ${dryRun ? 'would be ' : ''}filled, ${count('there')} were there, ${count('lacks_columns', 'no_file', 'failed')} could not be filled.`,
    ...weeks.filter(({ note }) => note !== null).map(({ week, note }) => `  week ${week}: ${note}`),
  ];
  if (toCollect.executions > 0 && moved === null)
    lines.push(
      `  Amazon has to compute ${formatWeeks(toCollect.executions)} again: ${toCollect.executions} paid ${toCollect.executions === 1 ? 'execution' : 'executions'}, with --collect-missing.`,
    );
  if (toCollect.outOfReach.length > 0 && moved === null)
    lines.push(
      `  Amazon no longer has ${formatWeeks(toCollect.outOfReach.length)} (${toCollect.outOfReach.join(', ')}); they stay in version ${from} only.`,
    );
  if (moved !== null) lines.push(`  Moved ${moved.collections.length} collections.`);
  if (moved !== null && moved.planned.length > 0)
    lines.push(`  ${formatWeeks(moved.planned.length)} ${moved.planned.length === 1 ? 'is' : 'are'} in line to be collected from Amazon.`);
  if (moved !== null && moved.lost.length > 0)
    lines.push(`  Amazon no longer has ${moved.lost.join(', ')}; they stay in version ${from} only.`);
  if (blocked !== null) lines.push(`  ${blocked}`);
  return lines.join('\n');
}
