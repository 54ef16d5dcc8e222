import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import { exportFiles } from '../../product/upkeep/export-files.ts';
import { GROUPINGS, readStorage, type Grouping } from '../../product/upkeep/storage.ts';
import { formatBytes } from './bytes.ts';
import { commandContext } from './context.ts';
import { createProgressBar } from './progress-bar.ts';
import { runOnDatabase } from './run.ts';
import { textTable } from './table.ts';
import { weekRange, type WeekRange } from './week-range.ts';
import { formatWeeks } from '../../ground/calendar/window-words.ts';

export const filesCommand = (): Command =>
  new Command('files')
    .description('Stored result files: what they take, and getting them out')
    .addHelpText('after', '\nEvery accepted result is kept as Amazon sent it, compressed, so that weeks can be rebuilt, audited and moved.')
    .addCommand(listCommand())
    .addCommand(exportCommand());

const listCommand = (): Command =>
  new Command('list')
    .description('What result files, rows and roll-ups take')
    .option('--instance <id>', 'AMC instance id')
    .option('--dataset <name>', 'one dataset')
    .addOption(new Option('--by <what>', 'a line for each').choices(GROUPINGS).default('dataset'))
    .option('--json', 'the same as JSON, with the size of every table')
    .addHelpText(
      'after',
      '\nFiles are counted exactly. Rows and roll-ups of an instance or a week are estimated by their share of the table’s rows.',
    )
    .action(async ({ by, json, ...filter }: { by: Grouping; json?: boolean; instance?: string; dataset?: string }) => {
      process.exitCode = await runOnDatabase(async (foundation, { signal, out }) => {
        const report = await readStorage(commandContext(foundation, signal), { ...filter, by });
        if (json === true) {
          out(JSON.stringify(report, null, 2));
          return 0;
        }
        const labels = (['instance', 'dataset', 'week'] as const).slice(0, GROUPINGS.indexOf(by));
        out(
          textTable(
            [...labels, 'rows', 'served files', 'other files', 'facts ≈', 'roll-ups ≈'],
            report.lines.map((line) => [
              ...labels.map((label) => line[label] ?? ''),
              line.rows.toLocaleString('en'),
              ...[line.servedFiles, line.otherFiles, line.factBytes, line.rollupBytes].map(formatBytes),
            ]),
          ),
        );
        const tables = report.tables.reduce((sum, { bytes }) => sum + Number(bytes), 0);
        out(`\nIn the database: result files ${formatBytes(report.resultFilesTable)}, facts and roll-ups ${formatBytes(tables)}.`);
        return 0;
      });
    });

const exportCommand = (): Command =>
  new Command('export')
    .description('Write the stored results of weeks as the CSV files they came as')
    .requiredOption('--instance <id>', 'AMC instance id')
    .requiredOption('--dataset <name>', 'every version that has weeks')
    .requiredOption('--to <folder>', 'made when it is not there')
    .option('--weeks <first..last>', 'Mondays, both included', weekRange)
    .addHelpText(
      'after',
      '\nFiles get their names when their SHA-256 is that of the accepted result. Repeat the command to go on after an interruption: what is\nthere is checked and left. Nothing is ever overwritten. Exit code 1 when a week could not be written.',
    )
    .action(async ({ weeks, to, ...options }: { instance: string; dataset: string; to: string; weeks?: WeekRange }) => {
      process.exitCode = await runOnDatabase(async (foundation, { signal, out }) => {
        foundation.catalogue.findDataset(options.dataset);
        const bar = createProgressBar(process.stderr);
        const counts = { stuck: 0, rows: 0 };
        const folder = resolve(to);
        const exported = await exportFiles(
          commandContext(foundation, signal),
          { ...options, ...weeks, to: folder },
          ({ outcome, week }, done, total) => {
            counts.stuck += outcome === 'failed' || outcome === 'no_file' ? 1 : 0;
            counts.rows += Number(week.rowCount);
            bar.draw({ ...counts, done, total });
          },
        ).finally(() => bar.end());
        const of = (outcome: string) => exported.filter((each) => each.outcome === outcome);
        const bytes = exported.reduce((sum, each) => sum + each.bytes, 0);
        out(`${formatWeeks(of('written').length)} written, ${of('there').length} were there; ${formatBytes(bytes)} in ${folder}.`);
        for (const { week, note } of [...of('no_file'), ...of('failed')]) out(`week ${week.week}: ${note ?? 'no file is stored'}`);
        return counts.stuck > 0 ? 1 : 0;
      });
    });
