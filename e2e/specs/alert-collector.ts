import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import * as account from '../../sandbox/src/account.ts';

const root = join(import.meta.dirname, '..', '..');
const node = join(root, 'node_modules/.bin/node');
const cli = join(root, 'collector-service/src/entry/cli/collector.ts');
const DATASET = 'campaign_performance';
/** Of the sandbox, and collected by nobody else. */
export const COLLECTED = account.SANDBOX_SPONSORED_INSTANCE_ID;
/** For imported weeks alone: one for most of them, one for a part of a week. */
export const IMPORTED = { planted: 'Planted', part: 'Part' } as const;

const provisioning = (sandboxPort: number): string => `
connections:
  - name: sandbox
    apiUrl: http://127.0.0.1:${sandboxPort}
    tokenUrl: http://127.0.0.1:${sandboxPort}/auth/o2/token
    region: NA
    clientId: ${account.SANDBOX_CLIENT_ID}
    clientSecret: \${PLANTED_SECRET}
    refreshToken: \${PLANTED_REFRESH_TOKEN}
instances:
  - connection: sandbox
    amcInstanceId: ${COLLECTED}
    account: ${account.SANDBOX_ACCOUNT_ID}
    marketplace: ${account.SANDBOX_MARKETPLACE_ID}
    timeZone: America/Los_Angeles
`;

/** A collector with a database of its own, and nothing in it but what a test has it collect or import: no other spec sees it. */
export interface PlantedCollector {
  url: string;
  token: string;
  /** Has a week of the sandbox's other instance collected. */
  collect(week: string): Promise<void>;
  retry(week: string): Promise<void>;
  /** Loads weeks as Amazon delivered them, whatever the quality rules say. */
  load(files: string[], instance?: keyof typeof IMPORTED): Promise<void>;
  stop(): Promise<void>;
}

export async function startPlanted(port: number, sandboxPort: number): Promise<PlantedCollector> {
  const dataDir = mkdtempSync(join(tmpdir(), 'amc-reports-planted-'));
  // Under root the embedded PostgreSQL runs as another user.
  chmodSync(dataDir, 0o755);
  const folder = join(dataDir, 'provisioning');
  mkdirSync(folder);
  writeFileSync(join(folder, 'planted.yaml'), provisioning(sandboxPort));
  const env = {
    ...process.env,
    DATA_DIR: dataDir,
    PROVISIONING_DIR: folder,
    PORT: String(port),
    TIME_FACTOR: '600',
    PLANTED_SECRET: account.SANDBOX_CLIENT_SECRET,
    PLANTED_REFRESH_TOKEN: account.SANDBOX_REFRESH_TOKEN,
  };
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
  for (const [id, title] of Object.entries(IMPORTED))
    await run('instance', 'create', id, '--title', title, '--time-zone', 'America/Los_Angeles', '--currencies', 'USD,EUR');
  const { stdout } = await run('token', 'create', 'editor', '--role', 'Editor');
  const editor = stdout.trim();
  const api = async (path: string, method = 'GET') => {
    const answer = await fetch(`${url}/v1/${path}`, { method, headers: { authorization: `Bearer ${editor}` } });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  };
  return {
    url,
    token: readFileSync(join(dataDir, 'collector.token'), 'utf8').trim(),
    async collect(week) {
      await run('backfill', '--dataset', DATASET, '--instance', COLLECTED, '--first', week, '--last', week);
    },
    async retry(week) {
      const { collections } = (await api('collections')) as { collections: { id: string }[] };
      await api(`collections/${collections[0]?.id}/weeks/${week}/retry`, 'POST');
    },
    async load(files, instance = 'planted') {
      await run('import', '--dataset', DATASET, '--instance', instance, '--overrule', ...files);
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
