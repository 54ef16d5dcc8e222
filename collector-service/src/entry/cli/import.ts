import { Command, Option } from 'commander';
import { importFiles } from '../../engine/collect/import/import.ts';
import { commandContext } from './context.ts';
import { mondayArgument } from './date-argument.ts';
import { runOnDatabase } from './run.ts';
import { textTable } from './table.ts';
import { formatWeeks } from './weeks.ts';

export const importCommand = (): Command =>
  new Command('import')
    .description('Load AMC result files that you already have, all or nothing')
    .argument('<files...>', 'CSV files as AMC delivers them; several may hold one week, one may hold several')
    .requiredOption('--dataset <name>', 'whose columns the files have')
    .requiredOption('--instance <id>', 'AMC instance id, as provisioned')
    .option('--week <monday>', 'the week, yyyy-mm-dd, when the files have no day column to tell it', mondayArgument)
    .addOption(
      new Option('--escape <how>', 'how the files write a quotation mark inside quotes, when it cannot be told').choices([
        'doubled',
        'backslash',
      ]),
    )
    .option('--overrule', 'take the files even where quality rules object to them; what they say becomes a note of the week')
    .option('--dry-run', 'check and show what would change, then undo it')
    .addHelpText(
      'after',
      '\nHeader, values and weeks are checked as for collected files; money is expected in the units of the dataset’s columns.',
    )
    .action(
      async (
        files: string[],
        options: {
          dataset: string;
          instance: string;
          week?: string;
          escape?: 'doubled' | 'backslash';
          overrule?: boolean;
          dryRun?: boolean;
        },
      ) => {
        process.exitCode = await runOnDatabase(async (foundation, { signal, out }) => {
          const request = { ...options, files, dryRun: options.dryRun === true };
          const { weeks } = await importFiles(commandContext(foundation, signal), request);
          const count = (n: number) => n.toLocaleString('en');
          out(
            textTable(
              ['week', 'rows', 'added', 'changed', 'vanished', ''],
              weeks.map((week) => [
                week.week,
                count(week.rows),
                count(week.rowsAdded),
                count(week.rowsChanged),
                count(week.rowsVanished),
                week.unchanged ? 'as served' : week.isNew ? 'new' : 'restated',
              ]),
            ),
          );
          out(options.dryRun === true ? '\nNothing was written (--dry-run).' : `\nImported ${formatWeeks(weeks.length)}.`);
          return 0;
        });
      },
    );
