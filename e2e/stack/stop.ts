import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { settle } from './settings.ts';

const DEADLINE_MS = 30_000;

/** Stops the product as Ctrl-C would; that it really stops is part of the test. */
export default async function stop(): Promise<void> {
  const { dataDir } = settle(process.env);
  const pid = Number(process.env.E2E_PID);
  if (dataDir === undefined || !pid) return;
  process.kill(pid, 'SIGINT');
  const deadline = Date.now() + DEADLINE_MS;
  while (isAlive(pid)) {
    if (Date.now() > deadline)
      throw new Error(`Process ${pid} did not stop within ${DEADLINE_MS / 1000} s after SIGINT; see ${dataDir}/start.log`);
    await sleep(100);
  }
  rmSync(dataDir, { recursive: true, force: true });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
