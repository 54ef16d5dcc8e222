import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PLUGIN_IDS, type AttachOptions } from './options.ts';

const TIMEOUT_MS = 10_000;

/**
 * Equips a Grafana that runs already: data source and dashboards through its API. Plugins cannot be installed that way, so when
 * they are missing the answer says where to put them. Needs GRAFANA_TOKEN (a service account with role Admin).
 */
export async function provisionRunning(
  url: string,
  { root, collectorUrl, collectorToken, env }: AttachOptions,
  signal: AbortSignal,
): Promise<string[]> {
  if (!env.GRAFANA_TOKEN) {
    return [
      `Grafana: ${url}. Set GRAFANA_TOKEN (a service account token with role Admin) and start again to give it the data source and the dashboards.`,
    ];
  }
  const call = (method: string, path: string, body?: unknown) =>
    fetch(`${url}${path}`, {
      method,
      headers: { authorization: `Bearer ${env.GRAFANA_TOKEN}`, 'content-type': 'application/json' },
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  try {
    for (const [id, folder] of Object.entries(PLUGIN_IDS)) {
      const { status } = await call('GET', `/api/plugins/${id}/settings`);
      if (status === 401 || status === 403)
        return [`Grafana at ${url} refuses GRAFANA_TOKEN. Use the token of a service account with role Admin.`];
      if (status === 404)
        return [
          `Grafana at ${url} lacks the plugin ${id}: put ${join(root, folder, 'dist')} into its plugins folder under that name, allow it in allow_loading_unsigned_plugins, and restart it.`,
        ];
    }
    const dataSource = {
      uid: 'amc-reports',
      name: 'AMC Reports',
      type: 'amcreports-amc-datasource',
      access: 'proxy',
      jsonData: { url: collectorUrl },
      secureJsonData: { token: collectorToken },
    };
    const existing = await call('GET', '/api/datasources/uid/amc-reports');
    await expectOk(
      existing.ok ? await call('PUT', '/api/datasources/uid/amc-reports', dataSource) : await call('POST', '/api/datasources', dataSource),
    );
    await call('POST', '/api/folders', { uid: 'amc-reports', title: 'AMC Reports' });
    await expectOk(
      await call('POST', '/api/plugins/amcreports-reports-app/settings', {
        enabled: true,
        pinned: true,
        jsonData: { datasourceUid: 'amc-reports' },
      }),
    );
    const folder = join(root, 'dashboards', 'json');
    for (const file of readdirSync(folder)) {
      const dashboard: unknown = JSON.parse(readFileSync(join(folder, file), 'utf8'));
      await expectOk(await call('POST', '/api/dashboards/db', { dashboard, folderUid: 'amc-reports', overwrite: true }));
    }
    return [`Grafana: ${url}/d/amc-performance`];
  } catch (error) {
    signal.throwIfAborted();
    return [`Grafana at ${url} could not be set up: ${(error as Error).message}. Check GRAFANA_URL and that it runs.`];
  }
}

async function expectOk(answer: Response): Promise<void> {
  if (!answer.ok) throw new Error(`${new URL(answer.url).pathname} answered ${answer.status}: ${(await answer.text()).slice(0, 300)}`);
}
