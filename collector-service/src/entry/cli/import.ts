import { Command, Option } from 'commander';
import { importFiles } from '../../engine/collect/import/import.ts';
import type { EmptyDays } from '../../engine/collect/import/whole-week.ts';
import { commandContext } from './context.ts';
import { mondayArgument } from './date-argument.ts';
import { parseEmptyDays } from './empty-days.ts';
import { importText } from './import-text.ts';
import { runOnDatabase } from './run.ts';

interface ImportOptions {
  dataset: string;
  instance: string;
  week?: string;
  escape?: 'doubled' | 'backslash';
  emptyDays?: EmptyDays;
  overrule?: boolean;
  dryRun?: boolean;
}

export const importCommand = (): Command =>
  new Command('import')
    .description('Load result files that you already have, Amazon’s or your own, all or nothing')
    .argument('<files...>', 'CSV files, packed with gzip or not; several may hold one week, one may hold several')
    .requiredOption('--dataset <name>', 'whose columns the files have')
    .requiredOption('--instance <id>', 'AMC instance id, as provisioned or as made by collector instance create')
    .option('--week <monday>', 'the week, yyyy-mm-dd, when the files have no column to tell it', mondayArgument)
    .addOption(
      new Option('--escape <how>', 'how the files write a quotation mark inside quotes, when it cannot be told').choices([
        'doubled',
        'backslash',
      ]),
    )
    .addOption(
      new Option(
        '--empty-days <days>',
        'days without rows on which nothing happened: 2026-03-08,2026-03-14..2026-03-15, or "between" for all between the first and the last day of the files',
      ).argParser(parseEmptyDays),
    )
    .option(
      '--overrule',
      'take the files even where quality rules object, or where a spreadsheet may have changed ids; what rules say becomes a note of the week',
    )
    .option('--dry-run', 'check and show what would change, then undo it')
    .addHelpText(
      'after',
      '\nHeader, values and weeks are checked as for collected files; money is expected in the units of the dataset’s columns.\nA week without all its days is kept until a file brings the rest. docs/own-files.md leads from any weekly CSV to a chart.',
    )
    .action(async (files: string[], { dryRun = false, ...options }: ImportOptions) => {
      process.exitCode = await runOnDatabase(async (foundation, { signal, out }) => {
        out(importText(await importFiles(commandContext(foundation, signal), { ...options, files, dryRun })));
        return 0;
      });
    });
