import { Command, InvalidArgumentError } from 'commander';
import { citusPlan } from '../../data/store/citus/plan.ts';
import { runOnDatabase } from './run.ts';

function address(text: string): string {
  if (!/^[A-Za-z0-9._-]+(:\d{1,5})?$/.test(text)) throw new InvalidArgumentError('must be host or host:port.');
  return text;
}

function shardCount(text: string): number {
  const count = Number(text);
  if (!/^\d{1,4}$/.test(text) || count < 1 || count > 1024) throw new InvalidArgumentError('must be a whole number from 1 to 1024.');
  return count;
}

const addWorker = (text: string, before: string[]): string[] => [...before, address(text)];

export const citusPlanCommand = (): Command =>
  new Command('citus-plan')
    .description('Print the statements that spread the growing tables over Citus nodes; runs none of them')
    .option('--coordinator <host:port>', 'how the other machines reach this database', address, 'postgres:5432')
    .option('--worker <host:port>', 'a machine that is to hold data; repeat it for each', addWorker, [])
    .option('--shards <n>', 'pieces per table; more than machines will ever be, fewer than instances are many', shardCount, 32)
    .addHelpText(
      'after',
      '\nExample: collector citus-plan --worker citus-worker-1:5432 > distribute.sql\nRead docs/operations.md, "Moving to Citus", first.',
    )
    .action(async ({ coordinator, worker, shards }: { coordinator: string; worker: string[]; shards: number }) => {
      process.exitCode = await runOnDatabase(async ({ store }, { out }) => {
        const { sql, obstacles } = await citusPlan(store.pool, { coordinator, workers: worker, shards });
        out(sql);
        for (const obstacle of obstacles) process.stderr.write(`Cannot be distributed yet: ${obstacle}.\n`);
        return obstacles.length > 0 ? 1 : 0;
      });
    });
