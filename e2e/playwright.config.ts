import { defineConfig } from '@playwright/test';
import type { PluginOptions } from '@grafana/plugin-e2e';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { settle } from './stack/settings.ts';

const settings = settle(process.env);
const here = import.meta.dirname;
const pluginE2eAuth = join(dirname(fileURLToPath(import.meta.resolve('@grafana/plugin-e2e'))), 'auth');

const browser = {
  browserName: 'chromium' as const,
  launchOptions: {
    executablePath: settings.chromium,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-sync', '--disable-gpu-rasterization'],
  },
};

/** Runs against the whole product: PostgreSQL, sandbox, collector and a real Grafana, started once for all specs (stack/). */
export default defineConfig<PluginOptions>({
  testDir: './specs',
  outputDir: './test-results',
  globalSetup: './stack/start.ts',
  globalTeardown: './stack/stop.ts',
  fullyParallel: false,
  workers: 1,
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  timeout: 90_000,
  expect: { timeout: 20_000 },
  use: {
    ...browser,
    baseURL: settings.grafanaUrl,
    viewport: { width: 1500, height: 1000 },
    screenshot: 'only-on-failure',
    trace: 'off',
    provisioningRootDir: join(here, '..', 'provisioning'),
    grafanaAPICredentials: { user: 'admin', password: settings.adminPassword },
  },
  projects: [
    {
      name: 'admin-login',
      testDir: pluginE2eAuth,
      testMatch: [/.*\.js/],
      use: { user: { user: 'admin', password: settings.adminPassword } },
    },
    { name: 'admin', dependencies: ['admin-login'], use: { storageState: join(here, 'playwright/.auth/admin.json') } },
  ],
});
