import { Command } from 'commander';
import { offsetClock } from '../../ground/calendar/clock.ts';
import { loadDatasets, SHIPPED_DATASETS } from '../../data/catalogue/load.ts';
import { check } from '../../data/connect/check.ts';
import { clientFor } from '../../data/connect/clients.ts';
import { loadProvisioning } from '../../data/connect/load.ts';
import { CollectorError } from '../../contract/error.ts';
import { provisioningEnvironment } from './provisioning-environment.ts';
import { runCommand } from './run.ts';

export const checkCommand = (): Command =>
  new Command('check')
    .description('Walk from the credentials to the SQL at Amazon and say what works; needs no database and costs nothing')
    .addHelpText(
      'after',
      '\nFor every provisioned instance: access token, account, instance and its advertisers, then a dry run of each dataset’s SQL.\nExit code 1 when a step failed.',
    )
    .action(async () => {
      process.exitCode = await runCommand(
        async ({ config, logger, lifecycle, signal, out }) => {
          const provisioning = await loadProvisioning(config.provisioningDir, provisioningEnvironment(config, process.env));
          const datasets = await loadDatasets([
            SHIPPED_DATASETS,
            ...provisioning.datasets,
            ...(config.datasetsDir === undefined ? [] : [config.datasetsDir]),
          ]);
          let failed = 0;
          const provisioned = [...provisioning.workspaces.values()].flatMap(({ instances, connections }) =>
            instances.map((instance) => ({ instance, connections })),
          );
          for (const { instance, connections } of provisioned) {
            const connection = connections.find(({ name }) => name === instance.connection);
            if (connection === undefined) throw new CollectorError('config_invalid', `There is no connection ${instance.connection}.`);
            const client = clientFor({ ...connection, secrets: connection }, logger);
            lifecycle.started('AMC client', () => client.close());
            out(`${instance.amcInstanceId} (${connection.apiUrl})`);
            const target = {
              client,
              instance: { instanceId: instance.amcInstanceId, accountId: instance.account, marketplaceId: instance.marketplace },
              timeZone: instance.timeZone,
              datasets,
              now: offsetClock(config.calendarOffsetMs)(),
            };
            for await (const { step, status, message, remedy } of check(target, signal)) {
              out(`  ${{ ok: '✓', failed: '✗', skipped: '·' }[status]} ${step}: ${message}${remedy === null ? '' : `\n    ${remedy}`}`);
              if (status === 'failed') failed += 1;
            }
          }
          return failed > 0 ? 1 : 0;
        },
        { logLevel: 'error' },
      );
    });
