import { randomBytes } from 'node:crypto';
import { mkdtempSync, chmodSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface StackSettings {
  grafanaUrl: string;
  adminPassword: string;
  chromium: string;
  /** undefined when a running Grafana is used, which then has to have everything. */
  dataDir: string | undefined;
  collectorPort: number;
  sandboxPort: number;
}

/** Decides once, in the first process that asks, and hands the decision to the workers through the environment. */
export function settle(env: NodeJS.ProcessEnv): StackSettings {
  const external = env.GRAFANA_URL !== undefined && env.E2E_DATA_DIR === undefined;
  if (!external && env.E2E_DATA_DIR === undefined) {
    const port = 20_000 + Math.floor(Math.random() * 10_000);
    // Readable by others: under root the embedded PostgreSQL runs as another user.
    env.E2E_DATA_DIR = mkdtempSync(join(tmpdir(), 'amc-reports-e2e-'));
    chmodSync(env.E2E_DATA_DIR, 0o755);
    env.E2E_PORT = String(port);
    env.GRAFANA_ADMIN_PASSWORD = randomBytes(12).toString('hex');
    env.GRAFANA_URL = `http://localhost:${port + 2}`;
  }
  const port = Number(env.E2E_PORT ?? 0);
  return {
    grafanaUrl: env.GRAFANA_URL ?? '',
    adminPassword: env.GRAFANA_ADMIN_PASSWORD ?? 'admin',
    chromium: env.CHROMIUM_PATH || '/usr/bin/chromium',
    dataDir: env.E2E_DATA_DIR,
    collectorPort: port,
    sandboxPort: port + 1,
  };
}
