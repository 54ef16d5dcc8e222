import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const root = join(import.meta.dirname, '..', '..');
const node = join(root, 'node_modules/.bin/node');
const cli = join(root, 'collector-service/src/entry/cli/collector.ts');
const INSTANCE = 'planted';
const DATASET = 'campaign_performance';

/** A collector with a database of its own, and nothing in it but the files it is given: what is planted there harms no other spec. */
export interface PlantedCollector {
  url: string;
  token: string;
  /** Loads weeks as Amazon delivered them, whatever the quality rules say. */
  load(files: string[]): Promise<void>;
  stop(): Promise<void>;
}

export async function startPlanted(port: number): Promise<PlantedCollector> {
  const dataDir = mkdtempSync(join(tmpdir(), 'amc-reports-planted-'));
  // Under root the embedded PostgreSQL runs as another user.
  chmodSync(dataDir, 0o755);
  const nothing = join(dataDir, 'provisioning');
  mkdirSync(nothing);
  const env = { ...process.env, DATA_DIR: dataDir, PROVISIONING_DIR: nothing, PORT: String(port) };
  const run = async (...args: string[]) => promisify(execFile)(node, [cli, ...args], { cwd: root, env });
  const child = spawn(node, [cli, 'serve'], { cwd: root, env, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += String(chunk)));
  const url = `http://127.0.0.1:${port}`;
  for (let attempt = 0; ; attempt += 1) {
    if (child.exitCode !== null || attempt > 600) throw new Error(`The planted collector did not start: ${said.slice(-2000)}`);
    // Refused connections are what waiting looks like.
    if ((await fetch(`${url}/readyz`).catch(() => undefined))?.ok) break;
    await sleep(100);
  }
  await run('instance', 'create', INSTANCE, '--title', 'Planted', '--time-zone', 'America/Los_Angeles', '--currencies', 'USD,EUR');
  return {
    url,
    token: readFileSync(join(dataDir, 'collector.token'), 'utf8').trim(),
    async load(files) {
      await run('import', '--dataset', DATASET, '--instance', INSTANCE, '--overrule', ...files);
    },
    async stop() {
      child.kill('SIGTERM');
      await once(child, 'exit');
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** The result files of weeks, by Monday, as the collector of the stack stored them, in a new folder. */
export async function exportWeeks(dataDir: string, mondays: string[], to: string): Promise<Map<string, string>> {
  const weeks = `${mondays[0]}..${mondays.at(-1)}`;
  const args = ['files', 'export', '--instance', 'amcsandbox1', '--dataset', DATASET, '--to', to, '--weeks', weeks];
  await promisify(execFile)(node, [cli, ...args], { cwd: root, env: { ...process.env, DATA_DIR: dataDir } });
  return new Map(mondays.map((monday) => [monday, join(to, 'amcsandbox1', `${DATASET}_v2`, `${monday}.csv`)]));
}
