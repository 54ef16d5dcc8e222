import { createServer } from 'node:net';
import { CollectorError } from '../../contract/error.ts';
import type { Lifecycle } from '../../ground/lifecycle.ts';
import { findGrafana, type GrafanaAtHand } from './at-hand.ts';
import { launchGrafana } from './launch.ts';
import type { AttachOptions } from './options.ts';
import { provisionRunning } from './provision-running.ts';

export type GrafanaPlan = GrafanaAtHand & { url: string; port: number };

const DASHBOARD = '/d/amc-performance';

/** Which Grafana will be used and under which address, decided early because its tokens name that address. */
export async function planGrafana(env: NodeJS.ProcessEnv): Promise<GrafanaPlan | undefined> {
  const found = findGrafana(env);
  if (found === undefined) return undefined;
  if (found.kind === 'running') return { ...found, port: 0 };
  const port = env.GRAFANA_PORT ? Number(env.GRAFANA_PORT) : await firstFree(3000, 3020);
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new CollectorError('config_invalid', 'GRAFANA_PORT must be a port between 1 and 65535.');
  if (env.GRAFANA_PORT && !(await isFree(port)))
    throw new CollectorError('config_invalid', `Port ${port} (GRAFANA_PORT) is taken. Choose another one.`);
  return { ...found, port, url: `http://localhost:${port}` };
}

/** Starts or equips the planned Grafana. Resolves to the lines of the summary that say where it is, or what to do without one. */
export async function attachGrafana(
  plan: GrafanaPlan | undefined,
  options: AttachOptions,
  lifecycle: Lifecycle,
  signal: AbortSignal,
): Promise<string[]> {
  if (plan === undefined) {
    return [
      'No Grafana is at hand (GRAFANA_URL, or a grafana binary on the PATH). To see the dashboards:',
      '  node scripts/compose-env.mjs --sandbox && docker compose --profile sandbox up --build',
    ];
  }
  if (plan.kind === 'running') return provisionRunning(plan.url, options, signal);
  const grafana = await launchGrafana(
    { ...options, binary: plan.binary, home: plan.home, port: plan.port, adminPassword: options.env.GRAFANA_ADMIN_PASSWORD },
    signal,
  );
  lifecycle.started('Grafana', () => grafana.stop());
  return [
    `Grafana ${plan.version}: ${grafana.url}${DASHBOARD}   user admin, password ${options.env.GRAFANA_ADMIN_PASSWORD ? 'from GRAFANA_ADMIN_PASSWORD' : grafana.adminPassword}`,
  ];
}

async function firstFree(from: number, to: number): Promise<number> {
  for (let port = from; port <= to; port += 1) if (await isFree(port)) return port;
  throw new CollectorError('config_invalid', `Every port from ${from} to ${to} is taken. Set GRAFANA_PORT to a free one.`);
}

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
