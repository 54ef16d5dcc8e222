import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { listCollections } from '../../engine/collect/collections/read.ts';
import { workspaceInstances } from '../../foundation.ts';
import { attachGrafana, planGrafana } from '../grafana/attach.ts';
import { startService } from '../../main.ts';
import { takeDirectory } from '../../data/store/embedded/directory-lock.ts';
import { runCommand, untilStopped, ROOT, type CommandContext } from './run.ts';
import { sandboxEnvironment, startSandboxService } from './sandbox-service.ts';
import { collectionTable, kpiTable, readKpis } from './summary.ts';
import { duration } from './progress-bar.ts';
import { countTroubled, progressOf, watchCollections } from './watch.ts';
import { formatWindows } from '../../ground/calendar/window-words.ts';

export const startCommand = (): Command =>
  new Command('start')
    .description('Run everything on this machine and collect: what `npm start` does')
    .option('--once', 'stop after the summary; the exit code says whether every week arrived')
    .addHelpText(
      'after',
      `
Starts PostgreSQL (embedded, unless DATABASE_URL is set), the AMC sandbox (unless AMC_CLIENT_ID and its companions are set), the
collector and, when one is at hand, Grafana with the plugins and dashboards. Collects 52 weeks of every provisioned dataset with
progress, prints a summary and stays up until Ctrl-C. Started again it goes on where it was; nothing is collected twice.

Data lies in .data (DATA_DIR). Grafana: GRAFANA_URL of a running one, or a grafana binary on the PATH (GRAFANA_HOME, GRAFANA_PORT).`,
    )
    .action(async ({ once }: { once?: boolean }) => {
      process.exitCode = await runCommand((context) => start(context, once === true), { logLevel: 'warn' });
    });

async function start({ config, logger, lifecycle, signal, out }: CommandContext, once: boolean): Promise<number> {
  const say = (text: string) => void process.stderr.write(`${text} …\n`);
  const startedAt = Date.now();
  mkdirSync(config.dataDir, { recursive: true });
  const lock = takeDirectory(config.dataDir);
  lifecycle.started('data directory lock', () => lock.release());
  const grafana = await planGrafana(process.env);

  let env: NodeJS.ProcessEnv = process.env;
  if (config.sandbox) {
    say('Starting the AMC sandbox (the first start makes 13 months of events)');
    const sandbox = await startSandboxService(config, logger, lifecycle);
    env = { ...env, ...sandboxEnvironment(sandbox.url) };
  }
  const issuer = config.grafana.issuer ?? grafana?.url;
  const service = await startService({
    config: { ...config, grafana: { ...config.grafana, issuer } },
    logger,
    lifecycle,
    env,
    signal,
    mode: 'all',
    onStep: say,
  });
  const attached = attachGrafana(
    grafana,
    { root: ROOT, dataDir: config.dataDir, collectorUrl: service.url ?? '', collectorToken: service.token, env: process.env },
    lifecycle,
    signal,
  );

  say(`Collecting from ${config.sandbox ? 'the sandbox' : 'Amazon'}`);
  const before = progressOf(await listCollections({ ...service, scope: { workspaceId: service.workspaceId, instanceIds: null } }));
  const collections = await watchCollections(service, process.stderr, signal);
  const collectedFor = (Date.now() - startedAt) / 1000;

  const progress = progressOf(collections);
  const campaigns = collections.filter(({ dataset }) => dataset === 'campaign_performance');
  const first = campaigns.map(({ firstWeek }) => firstWeek).sort()[0];
  const last = campaigns
    .map(({ lastWeek }) => lastWeek)
    .sort()
    .at(-1);
  out(`\n${collectionTable(collections)}\n`);
  if (first !== undefined && last !== undefined) {
    const scope = { workspaceId: service.workspaceId, instances: await workspaceInstances(service) };
    const kpis = await readKpis({ ...service.query, scope, signal }, first, last);
    if (kpis.length > 0) out(`${kpiTable(kpis, kpis[0]?.weeks.length ?? 0)}\n`);
  }
  const fresh = progress.rows - before.rows;
  out(
    fresh > 0
      ? `Collected ${formatWindows(progress.done - before.done, progress.windows ?? [])}, ${fresh.toLocaleString('en')} rows in ${duration(collectedFor)} (${Math.round(fresh / collectedFor).toLocaleString('en')} rows/s, start included).`
      : 'Everything was collected already; nothing was asked of Amazon again.',
  );
  out(
    `Data: ${config.databaseUrl === undefined ? join(config.dataDir, 'postgres') : 'the database of DATABASE_URL'}   API: ${service.url ?? ''}   Token: ${config.collectorToken === undefined ? join(config.dataDir, 'collector.token') : 'COLLECTOR_TOKEN'}`,
  );
  for (const line of await attached) out(line);
  const troubled = countTroubled(collections);
  if (troubled > 0)
    out(
      `${formatWindows(troubled, progress.windows ?? [])} did not arrive. See why: node_modules/.bin/node collector-service/src/entry/cli/collector.ts status`,
    );
  if (once) return troubled > 0 ? 1 : 0;
  out('Press Ctrl-C to stop.');
  await untilStopped(signal);
  process.stderr.write('\nStopping …\n');
  return 0;
}
