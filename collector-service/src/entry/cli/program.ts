import { Command } from 'commander';
import { VERSION } from '../../ground/version.ts';
import { auditCommand } from './audit.ts';
import { backfillCommand } from './backfill.ts';
import { backupCommand } from './backup.ts';
import { checkCommand } from './check.ts';
import { citusPlanCommand } from './citus-plan.ts';
import { cleanUpCommand } from './clean-up.ts';
import { clockCommand } from './clock.ts';
import { datasetCommand } from './dataset.ts';
import { filesCommand } from './files.ts';
import { heldCommand } from './held.ts';
import { importCommand } from './import.ts';
import { instanceCommand } from './instance.ts';
import { jobsCommand } from './jobs.ts';
import { keysCommand } from './keys.ts';
import { migrateCommand } from './migrate.ts';
import { queryCommand } from './query.ts';
import { rebuildCommand } from './rebuild.ts';
import { restoreCommand } from './restore.ts';
import { sandboxCommand } from './sandbox.ts';
import { scheduleCommand } from './schedule.ts';
import { scopeCommand } from './scope.ts';
import { serveCommand } from './serve.ts';
import { startCommand } from './start.ts';
import { statusCommand } from './status.ts';
import { tokenCommand } from './token.ts';
import { workspaceCommand } from './workspace.ts';

/** Every command with its help, for the process that runs one and for whoever wants to know which there are. */
export function collectorProgram(): Command {
  const program = new Command('collector')
    .description('AMC Reports collector: weeks of Amazon Marketing Cloud data, kept, updated and answered in milliseconds')
    .version(VERSION)
    .showHelpAfterError()
    .addHelpText('after', '\nConfiguration comes from the environment; README.md has the table. Every command has its own --help.');

  for (const command of [
    startCommand,
    serveCommand,
    sandboxCommand,
    checkCommand,
    migrateCommand,
    backfillCommand,
    statusCommand,
    scheduleCommand,
    heldCommand,
    instanceCommand,
    importCommand,
    queryCommand,
    filesCommand,
    rebuildCommand,
    cleanUpCommand,
    backupCommand,
    restoreCommand,
    jobsCommand,
    clockCommand,
    datasetCommand,
    citusPlanCommand,
    workspaceCommand,
    tokenCommand,
    scopeCommand,
    keysCommand,
    auditCommand,
  ]) {
    program.addCommand(command());
  }
  return program;
}
