import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Pool } from 'pg';
import { liveRuns, type Removed } from './statements/clean-up.ts';

/** A worker's folder is named after its claim, ours and the import's after the process that made them. */
const CLAIM = /^run-(\d{1,18})-(\d{1,18})$/;
const PROCESS = /^(?:import|upkeep)-(\d{1,10})-/;
/** Process ids are used again, and in containers they are few: a folder counts as left behind when nothing was written for so long. */
const SETTLED_MS = 3_600_000;

/**
 * Removes what processes that died left in the spool folder of this machine. A folder of a claim that still holds, or one of a living
 * process, stays; so does whatever has another name.
 */
export async function removeSpoolLeftovers(pool: Pool, spoolDirectory: string, dryRun: boolean, now = Date.now()): Promise<Removed> {
  const names = await readdir(spoolDirectory).catch(() => [] as string[]);
  // Read before the claims: whatever is claimed later is not among these names.
  const claims = names.flatMap((name) => {
    const [, id, fence] = CLAIM.exec(name) ?? [];
    return id === undefined || fence === undefined ? [] : [{ id, fence }];
  });
  const live = claims.length === 0 ? new Set<string>() : await liveRuns(pool, claims);
  let rows = 0;
  let bytes = 0;
  for (const name of names) {
    const path = join(spoolDirectory, name);
    if (!(await isLeftover(name, path, live, now))) continue;
    rows += 1;
    bytes += await sizeOf(path);
    if (!dryRun) await rm(path, { recursive: true, force: true });
  }
  return { rows, bytes };
}

async function isLeftover(name: string, path: string, live: ReadonlySet<string>, now: number): Promise<boolean> {
  const claim = CLAIM.exec(name);
  if (claim) return !live.has(`${claim[1]}-${claim[2]}`);
  const owner = PROCESS.exec(name)?.[1];
  if (owner === undefined) return false;
  const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: now }));
  return now - mtimeMs > SETTLED_MS && !isAlive(Number(owner));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // A process of somebody else's lives too.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function sizeOf(path: string): Promise<number> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true }).catch(() => []);
  let bytes = 0;
  for (const entry of entries)
    if (entry.isFile()) bytes += (await stat(join(entry.parentPath, entry.name)).catch(() => ({ size: 0 }))).size;
  return bytes;
}
