import { setTimeout as sleep } from 'node:timers/promises';
import { startOf } from './process-start.ts';

const STOP_DEADLINE_MS = 30_000;

/** Fast shutdown, then, if that takes too long, an immediate one, which recovery repairs at the next start. */
export async function stopProcess(pid: number | undefined): Promise<void> {
  if (pid === undefined) return;
  const start = await startOf(pid);
  for (const how of ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const) {
    if (!signal(pid, how)) return;
    const deadline = Date.now() + STOP_DEADLINE_MS;
    while (Date.now() < deadline) {
      const now = await startOf(pid);
      if (now === '' || now !== start) return;
      await sleep(20);
    }
  }
}

/** Whether there was such a process to tell. */
export function signal(pid: number | undefined, how: NodeJS.Signals): boolean {
  if (pid === undefined) return false;
  try {
    return process.kill(pid, how);
  } catch {
    return false;
  }
}
