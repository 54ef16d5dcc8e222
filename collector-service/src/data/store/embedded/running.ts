import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { clusterOf, readPassword } from './cluster.ts';
import { placeData } from './location.ts';
import { DATABASE, OWNER } from './owner.ts';

const ANSWER_MS = 5_000;

/**
 * The URL of the embedded server that another process runs on this directory, so that commands work beside a running collector;
 * undefined when none answers here: none runs, or it does in another container. What answers is asked for the password of this
 * directory, since the port may be anybody's. PostgreSQL writes its port into the fourth line of postmaster.pid.
 */
export async function runningEmbeddedUrl(dataDir: string): Promise<string | undefined> {
  const directory = await placeData(dataDir);
  const port = Number((await readFile(join(clusterOf(directory), 'postmaster.pid'), 'utf8').catch(() => '')).split('\n')[3]);
  const password = await readPassword(directory).catch(() => '');
  if (!Number.isInteger(port) || port <= 0 || password === '') return undefined;
  const url = `postgres://${OWNER}:${password}@127.0.0.1:${port}/${DATABASE}`;
  return (await answers(url)) ? url : undefined;
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: ANSWER_MS, query_timeout: ANSWER_MS });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('SELECT 1');
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}
