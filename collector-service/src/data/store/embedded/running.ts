import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { clusterOf, readPassword } from './cluster.ts';
import { startOf } from './directory-lock.ts';
import { placeData } from './location.ts';
import { DATABASE, OWNER } from './owner.ts';

/**
 * The URL of an embedded server that another live process holds open, so that commands work beside a running collector; undefined
 * when there is none. PostgreSQL writes its port into the fourth line of postmaster.pid.
 */
export async function runningEmbeddedUrl(dataDir: string): Promise<string | undefined> {
  const directory = await placeData(dataDir);
  const holder = await readFile(join(directory, 'lock'), 'utf8').catch(() => '');
  const pid = Number(holder.split(' ')[0]);
  if (holder === '' || holder !== `${pid} ${await startOf(pid)}\n`) return undefined;
  const port = Number((await readFile(join(clusterOf(directory), 'postmaster.pid'), 'utf8').catch(() => '')).split('\n')[3]);
  return Number.isInteger(port) && port > 0
    ? `postgres://${OWNER}:${await readPassword(directory)}@127.0.0.1:${port}/${DATABASE}`
    : undefined;
}
