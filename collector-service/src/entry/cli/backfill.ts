import { Command, InvalidArgumentError } from 'commander';
import { createCollection } from '../../engine/collect/collections/create.ts';
import { createCollectionSchema } from '../../contract/collections.ts';
import { commandContext } from './context.ts';
import { mondayArgument } from './date-argument.ts';
import { invalidOptions } from './invalid-options.ts';
import { runOnDatabase } from './run.ts';
import { formatWindows } from '../../ground/calendar/window-words.ts';

const wholeNumber = (text: string): number => {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('must be a whole number.');
  return Number(text);
};

export const backfillCommand = (): Command =>
  new Command('backfill')
    .description(
      'Plan a collection: a dataset for an instance over a range of weeks, or of its months or other windows; workers collect it',
    )
    .requiredOption('--dataset <name>', 'a dataset of the catalogue')
    .requiredOption('--instance <id>', 'AMC instance id, as provisioned')
    .option(
      '--weeks <n>',
      'complete weeks counted back from the newest one; of longer windows those that end (months: begin) in them',
      wholeNumber,
    )
    .option('--first <monday>', 'first week, yyyy-mm-dd, instead of --weeks', mondayArgument)
    .option('--last <monday>', 'last week, yyyy-mm-dd; the newest complete one when left out', mondayArgument)
    .option('--name <name>', 'what to call it')
    .addHelpText(
      'after',
      '\nExample: collector backfill --dataset campaign_performance --instance amc1a2b3c --weeks 26\nFollow it with: collector status',
    )
    .action(async (options: { dataset: string; instance: string; weeks?: number; first?: string; last?: string; name?: string }) => {
      process.exitCode = await runOnDatabase(async (foundation, { out, signal }) => {
        const parsed = createCollectionSchema.safeParse({
          instance: options.instance,
          dataset: options.dataset,
          ...(options.weeks === undefined ? {} : { weeks: options.weeks }),
          ...(options.first === undefined ? {} : { firstWeek: options.first }),
          ...(options.last === undefined ? {} : { lastWeek: options.last }),
          ...(options.name === undefined ? {} : { name: options.name }),
        });
        if (!parsed.success) throw invalidOptions(parsed.error);
        const collection = await createCollection(commandContext(foundation, signal), parsed.data);
        out(
          `Planned '${collection.name}' (${collection.id}): ${formatWindows(collection.weeksTotal, [collection.window])}, ${collection.firstDay} to ${collection.lastDay}; one execution each.`,
        );
        return 0;
      });
    });
