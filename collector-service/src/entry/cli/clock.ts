import { Command } from 'commander';
import { clockTrouble, confirmTime, readClocks, requireAgreement } from '../../ground/calendar/clocks.ts';
import { recorded } from './recorded.ts';
import { runOnDatabase } from './run.ts';

export const clockCommand = (): Command =>
  new Command('clock')
    .description('The clocks that buying depends on: nothing is bought while they contradict each other')
    .addCommand(show())
    .addCommand(confirm());

const show = (): Command =>
  new Command('show')
    .description('The times of database and machine, and the newest seen before. Exit code 1 when they contradict')
    .action(async () => {
      process.exitCode = await runOnDatabase(async ({ store }, { out }) => {
        const clocks = await readClocks(store.pool);
        for (const name of ['database', 'machine', 'seen'] as const) out(`${name.padEnd(10)}${clocks[name].toISOString()}`);
        out(clockTrouble(clocks) ?? 'They agree.');
        return clocks.agree ? 0 : 1;
      });
    });

const confirm = (): Command =>
  new Command('confirm')
    .description('Say that the database’s clock is right, whatever was seen before; buying goes on')
    .addHelpText(
      'after',
      '\nFor a collector that stood still for more than 35 days, or that saw a clock which was ahead for long. Look at the times first.',
    )
    .action(async () => {
      process.exitCode = await runOnDatabase(async ({ store, workspaceId }, { out }) => {
        requireAgreement(await readClocks(store.pool));
        const time = await recorded({ store }, { workspaceId, action: 'clock.confirm', subject: 'clock' }, confirmTime);
        out(`${time.toISOString()} is right, you say; buying goes on within a minute.`);
        return 0;
      });
    });
