import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { settle } from './settings.ts';

const READY = 'Press Ctrl-C to stop';
const DEADLINE_MS = 300_000;

/** Starts the product the way a user does and waits for its summary. */
export default async function start(): Promise<void> {
  const { dataDir, collectorPort, sandboxPort, grafanaUrl } = settle(process.env);
  if (dataDir === undefined) return;
  const root = join(import.meta.dirname, '..', '..');
  const { GRAFANA_URL: _, ...env } = process.env;
  const child = spawn(join(root, 'node_modules/.bin/node'), [join(root, 'collector-service/src/entry/cli/collector.ts'), 'start'], {
    cwd: root,
    env: {
      ...env,
      DATA_DIR: dataDir,
      PORT: String(collectorPort),
      SANDBOX_PORT: String(sandboxPort),
      GRAFANA_PORT: new URL(grafanaUrl).port,
      // All specs share one login, which would be worn out after ten minutes.
      GF_AUTH_TOKEN_ROTATION_INTERVAL_MINUTES: '1440',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  process.env.E2E_PID = String(child.pid);
  const log = createWriteStream(join(dataDir, 'start.log'));
  child.stderr.pipe(log);
  let said = '';
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`The product was not ready within ${DEADLINE_MS / 1000} s; see ${dataDir}/start.log`)),
      DEADLINE_MS,
    );
    child.stdout.on('data', (chunk: Buffer) => {
      said += String(chunk);
      log.write(chunk);
      if (!said.includes(READY)) return;
      clearTimeout(timer);
      resolve();
    });
    child.once('exit', (code) => reject(new Error(`The product ended with code ${code}; see ${dataDir}/start.log`)));
  });
}
