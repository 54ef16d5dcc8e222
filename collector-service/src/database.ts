import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Config } from './ground/config.ts';
import type { Lifecycle } from './ground/lifecycle.ts';
import { startEmbeddedPostgres } from './data/store/embedded.ts';
import { runningEmbeddedUrl } from './data/store/embedded/running.ts';

export interface DatabaseAddress {
  url: string;
  /** PostgreSQL's own, when the URL is that of a pooler in transaction mode. */
  directUrl?: string | undefined;
}

/** The database that the configuration names; else the embedded one, as it runs in another process or started here. */
export async function openDatabase(
  { databaseUrl, databaseDirectUrl, dataDir }: Config,
  logger: Logger,
  lifecycle: Lifecycle,
): Promise<DatabaseAddress> {
  if (databaseUrl !== undefined) return { url: databaseUrl, directUrl: databaseDirectUrl };
  const directory = join(dataDir, 'postgres');
  const running = await runningEmbeddedUrl(directory);
  if (running !== undefined) return { url: running };
  const postgres = await startEmbeddedPostgres({ dataDir: directory, logger });
  lifecycle.started('PostgreSQL', () => postgres.stop());
  return { url: postgres.url };
}
