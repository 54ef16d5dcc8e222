import { Command } from 'commander';
import { listInstances } from '../../data/connect/instances.ts';
import { createImportedInstance } from '../../engine/collect/import/create-instance.ts';
import { commandContext } from './context.ts';
import { runOnDatabase } from './run.ts';
import { textTable } from './table.ts';

export const instanceCommand = (): Command =>
  new Command('instance').description('AMC instances, and those of imported data alone').addCommand(create()).addCommand(list());

const create = () =>
  new Command('create')
    .description('Make an instance for imported data alone; those of Amazon come from provisioning/amc')
    .argument('<name>', 'by which it is asked for')
    .requiredOption('--time-zone <zone>', 'IANA name: whose days and weeks the files have')
    .option('--title <title>', 'shown to people; the name when left out')
    .option('--currencies <codes>', 'of the money in the files, such as EUR,USD', (text: string) =>
      text.split(',').map((code) => code.trim()),
    )
    .addHelpText('after', '\nThen: collector import --instance <name> --dataset <dataset> FILE… (docs/own-files.md).')
    .action(async (name: string, options: { timeZone: string; title?: string; currencies?: string[] }) => {
      process.exitCode = await runOnDatabase(async (foundation, { signal, out }) => {
        await createImportedInstance(commandContext(foundation, signal), { name, ...options });
        out(`Instance "${name}" is made, for imported data alone.`);
        return 0;
      });
    });

const list = () =>
  new Command('list')
    .description('The workspace’s instances')
    .option('--json', 'as JSON')
    .action(async ({ json }: { json?: boolean }) => {
      process.exitCode = await runOnDatabase(async ({ store, workspaceId }, { out }) => {
        const instances = await listInstances(store.pool, workspaceId);
        if (json === true) out(JSON.stringify(instances, null, 2));
        else
          out(
            textTable(
              ['instance', 'name', 'time zone', 'currencies', 'connection'],
              instances.map((each) => [
                each.instance,
                each.name,
                each.timeZone,
                each.currencies.join(', '),
                each.connection ?? 'imported only',
              ]),
            ),
          );
        return 0;
      });
    });
