import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Config } from './ground/config.ts';
import type { Lifecycle } from './ground/lifecycle.ts';
import { startEmbeddedPostgres } from './data/store/embedded.ts';
import { runningEmbeddedUrl } from './data/store/embedded/running.ts';

/** The database that the configuration names; else the embedded one, as it runs in another process or started here. Returns its URL. */
export async function openDatabase({ databaseUrl, dataDir }: Config, logger: Logger, lifecycle: Lifecycle): Promise<string> {
  if (databaseUrl !== undefined) return databaseUrl;
  const directory = join(dataDir, 'postgres');
  const running = await runningEmbeddedUrl(directory);
  if (running !== undefined) return running;
  const postgres = await startEmbeddedPostgres({ dataDir: directory, logger });
  lifecycle.started('PostgreSQL', () => postgres.stop());
  return postgres.url;
}
