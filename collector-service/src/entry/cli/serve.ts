import { Command, Option } from 'commander';
import { MODES, startService, type Mode } from '../../main.ts';
import { provisioningEnvironment } from './provisioning-environment.ts';
import { runCommand, untilStopped } from './run.ts';

export const serveCommand = (): Command =>
  new Command('serve')
    .description('Run the collector as a service until it is stopped')
    .addOption(new Option('--mode <mode>', 'which parts run in this process').choices([...MODES]).default('all'))
    .addHelpText(
      'after',
      `
Applies migrations, provisions what provisioning/amc says, then answers HTTP and collects. Logs JSON lines on stderr.
  all     HTTP API and collecting in one process
  api     only the HTTP API
  worker  only collecting; run as many as you like on one DATABASE_URL

SIGTERM or Ctrl-C stops in order: running steps get a few seconds, the rest is taken over by the next worker.
Exit code 75: the database is away for good or a disk is full, and starting again later may help.`,
    )
    .action(async ({ mode }: { mode: Mode }) => {
      process.exitCode = await runCommand(async ({ config, logger, lifecycle, signal }) => {
        const service = await startService({ config, logger, lifecycle, env: provisioningEnvironment(config, process.env), signal, mode });
        logger.info({ url: service.url, mode }, service.url === undefined ? 'The worker runs' : `The collector answers at ${service.url}`);
        await untilStopped(signal);
        return 0;
      });
    });
