import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CollectorError } from '../../contract/error.ts';
import { PANEL_ID, PLUGIN_IDS } from './options.ts';

export interface LaunchOptions {
  binary: string;
  home: string;
  /** The project's root, which holds plugins, provisioning and dashboards. */
  root: string;
  dataDir: string;
  port: number;
  collectorUrl: string;
  collectorToken: string;
  /** Of the user admin; made once and kept in the data directory when left out. */
  adminPassword: string | undefined;
}

export interface RunningGrafana {
  url: string;
  adminPassword: string;
  stop(): Promise<void>;
}

/**
 * Starts the Grafana of this machine with our plugins and provisioning, on the loopback interface, with its data in our data
 * directory. Reporting, update checks and news are off: nothing here calls out.
 * @throws CollectorError config_invalid when it ends early, with the last lines of its log
 */
export async function launchGrafana(options: LaunchOptions, signal: AbortSignal): Promise<RunningGrafana> {
  const folder = join(options.dataDir, 'grafana');
  linkPlugins(options.root, join(folder, 'plugins'));
  const adminPassword = keptPassword(join(folder, 'admin-password'), options.adminPassword);
  const url = `http://localhost:${options.port}`;
  const logFile = join(folder, 'grafana.log');
  const child = spawn(options.binary, ['server', '--homepath', options.home], {
    env: { ...process.env, ...settings(options, folder, url, adminPassword) },
    stdio: ['ignore', 'pipe', 'pipe'],
    // Out of the terminal's group, so that Ctrl-C reaches us first and we stop things in order.
    detached: true,
  });
  const log = createWriteStream(logFile);
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  const exited = once(child, 'exit');
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGTERM');
    await Promise.race([exited, sleep(15_000).then(() => child.kill('SIGKILL'))]);
    log.end();
  };
  try {
    await untilHealthy(url, () => child.exitCode !== null, signal);
  } catch (error) {
    await stop();
    throw new CollectorError(
      'config_invalid',
      `Grafana did not start: ${(error as Error).message}. The end of ${logFile}:\n${lastLines(logFile)}`,
      { cause: error },
    );
  }
  return { url, adminPassword, stop };
}

function linkPlugins(root: string, folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const [id, source] of Object.entries(PLUGIN_IDS)) symlinkSync(join(root, source, 'dist'), join(folder, id), 'dir');
}

function keptPassword(path: string, wanted: string | undefined): string {
  if (wanted) return wanted;
  if (existsSync(path)) return readFileSync(path, 'utf8').trim();
  const password = randomBytes(9).toString('base64url');
  writeFileSync(path, `${password}\n`, { mode: 0o600 });
  return password;
}

const settings = (options: LaunchOptions, folder: string, url: string, adminPassword: string): Record<string, string> => ({
  GF_PATHS_DATA: join(folder, 'data'),
  GF_PATHS_LOGS: join(folder, 'logs'),
  GF_PATHS_PLUGINS: join(folder, 'plugins'),
  GF_PATHS_PROVISIONING: join(options.root, 'provisioning'),
  GF_SERVER_HTTP_ADDR: '127.0.0.1',
  GF_SERVER_HTTP_PORT: String(options.port),
  GF_SERVER_ROOT_URL: `${url}/`,
  GF_SECURITY_ADMIN_PASSWORD: adminPassword,
  GF_SECURITY_DISABLE_GRAVATAR: 'true',
  GF_ANALYTICS_REPORTING_ENABLED: 'false',
  GF_ANALYTICS_CHECK_FOR_UPDATES: 'false',
  GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES: 'false',
  GF_NEWS_NEWS_FEED_ENABLED: 'false',
  // Else a person may send a dashboard's numbers to a public server of Grafana's with two clicks.
  GF_SNAPSHOTS_EXTERNAL_ENABLED: 'false',
  GF_PLUGINS_PUBLIC_KEY_RETRIEVAL_DISABLED: 'true',
  GF_PLUGINS_PREINSTALL_DISABLED: 'true',
  GF_PLUGINS_ALLOW_LOADING_UNSIGNED_PLUGINS: [...Object.keys(PLUGIN_IDS), PANEL_ID].join(','),
  GF_UNIFIED_ALERTING_MIN_INTERVAL: '10s',
  COLLECTOR_URL: options.collectorUrl,
  COLLECTOR_TOKEN: options.collectorToken,
  DASHBOARDS_PATH: join(options.root, 'dashboards', 'json'),
});

const START_DEADLINE_MS = 120_000;

async function untilHealthy(url: string, hasExited: () => boolean, signal: AbortSignal): Promise<void> {
  const deadline = Date.now() + START_DEADLINE_MS;
  while (!hasExited() && Date.now() < deadline) {
    // Refused connections are what waiting looks like; anything else shows in the log when the deadline passes.
    const answer = await fetch(`${url}/api/health`, { signal: AbortSignal.any([signal, AbortSignal.timeout(2_000)]) }).catch(
      () => undefined,
    );
    if (answer?.ok) return;
    await sleep(250, undefined, { signal });
  }
  throw new Error(hasExited() ? 'its process ended' : `it did not answer within ${START_DEADLINE_MS / 1000} s`);
}

const lastLines = (path: string): string =>
  existsSync(path) ? readFileSync(path, 'utf8').trimEnd().split('\n').slice(-15).join('\n') : '(no log)';
