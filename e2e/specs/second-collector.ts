import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { runningEmbeddedUrl } from '../../collector-service/src/data/store/embedded/running.ts';
import { settle } from '../stack/settings.ts';

/** Another API process on the same database, for a test that stops it. undefined when the stack is not ours. */
export async function startApi(): Promise<{ url: string; token: string; stop(): Promise<void> } | undefined> {
  const { dataDir, collectorPort, sandboxPort } = settle(process.env);
  if (dataDir === undefined) return undefined;
  const root = join(import.meta.dirname, '..', '..');
  const port = collectorPort + 3;
  // A data directory has one service; a second one shares its database by URL.
  const databaseUrl = await runningEmbeddedUrl(join(dataDir, 'postgres'));
  const child = spawn(
    join(root, 'node_modules/.bin/node'),
    [join(root, 'collector-service/src/entry/cli/collector.ts'), 'serve', '--mode', 'api'],
    {
      cwd: root,
      env: { ...process.env, DATA_DIR: dataDir, DATABASE_URL: databaseUrl, PORT: String(port), SANDBOX_PORT: String(sandboxPort) },
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += String(chunk)));
  const url = `http://127.0.0.1:${port}`;
  for (let attempt = 0; ; attempt += 1) {
    if (child.exitCode !== null || attempt > 200) throw new Error(`The second collector did not start: ${said.slice(-2000)}`);
    // Refused connections are what waiting looks like.
    if ((await fetch(`${url}/livez`).catch(() => undefined))?.ok) break;
    await sleep(100);
  }
  return {
    url,
    token: readFileSync(join(dataDir, 'collector.token'), 'utf8').trim(),
    async stop() {
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}
