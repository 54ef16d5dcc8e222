import { Command } from 'commander';
import { runOnDatabase } from './run.ts';

export const migrateCommand = (): Command =>
  new Command('migrate')
    .description('Bring the database to this version: tables, then a table per dataset version')
    .addHelpText('after', '\nEvery start does this too; run it by itself when the service’s login may not change tables.')
    .action(async () => {
      process.exitCode = await runOnDatabase(async ({ datasets }, { out }) => {
        out(`The database is up to date. Datasets: ${datasets.map(({ dataset, version }) => `${dataset} v${version}`).join(', ')}.`);
        return 0;
      });
    });
