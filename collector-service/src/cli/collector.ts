#!/usr/bin/env node
import { Command } from 'commander';
import { VERSION } from '../version.ts';
import { backfillCommand } from './backfill.ts';
import { checkCommand } from './check.ts';
import { importCommand } from './import.ts';
import { migrateCommand } from './migrate.ts';
import { queryCommand } from './query.ts';
import { sandboxCommand } from './sandbox.ts';
import { serveCommand } from './serve.ts';
import { startCommand } from './start.ts';
import { statusCommand } from './status.ts';

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
  importCommand,
  queryCommand,
]) {
  program.addCommand(command());
}

await program.parseAsync();
