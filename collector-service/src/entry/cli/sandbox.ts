import { Command } from 'commander';
import { runCommand, untilStopped } from './run.ts';
import { sandboxEnvironment, startSandboxService } from './sandbox-service.ts';

export const sandboxCommand = (): Command =>
  new Command('sandbox')
    .description('Run only the AMC sandbox: the same HTTP API as Amazon’s, over synthetic events')
    .addHelpText(
      'after',
      '\nPort SANDBOX_PORT (8086), pace TIME_FACTOR (1 is Amazon’s), seed SANDBOX_SEED, faults SANDBOX_FAULTS; see docs/sandbox.md.\nPrints the settings that point a client at it.',
    )
    .action(async () => {
      process.exitCode = await runCommand(async ({ config, logger, lifecycle, signal, out }) => {
        const { url } = await startSandboxService(config, logger, lifecycle);
        out(`The sandbox answers at ${url}. To use it:\n`);
        for (const [name, value] of Object.entries(sandboxEnvironment(url))) out(`${name}='${value}'`);
        out('\nPress Ctrl-C to stop.');
        await untilStopped(signal);
        return 0;
      });
    });
