import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { CollectorError } from './contract/error.ts';
import type { Config } from './ground/config.ts';
import type { Lifecycle } from './ground/lifecycle.ts';
import { startEmbeddedPostgres, type EmbeddedPostgres } from './data/store/embedded.ts';
import type { ServerState } from './data/store/embedded/supervise.ts';
import { runningEmbeddedUrl } from './data/store/embedded/running.ts';

export interface OpenDatabase {
  url: string;
  /** PostgreSQL's own, when the URL is that of a pooler in transaction mode. */
  directUrl?: string | undefined;
  /** Of the embedded server, when it is this process's own. */
  server?: () => ServerState;
}

export interface OpenDatabaseOptions {
  config: Pick<Config, 'databaseUrl' | 'databaseDirectUrl' | 'dataDir'>;
  logger: Logger;
  lifecycle: Lifecycle;
  signal: AbortSignal;
  /** A service runs its embedded server itself, since one that another process runs goes with that process. A command takes what runs. */
  service?: boolean;
}

/** A command that is about to end, or a server that is about to answer. */
const PATIENCE_MS = 10_000;

/**
 * The database that the configuration names; else the embedded one. One directory has one server: it is started here only when no other
 * process has the directory.
 * @throws CollectorError conflict when another process has it and its server does not answer here, with what to do
 */
export async function openDatabase({ config, logger, lifecycle, signal, service = false }: OpenDatabaseOptions): Promise<OpenDatabase> {
  if (config.databaseUrl !== undefined) return { url: config.databaseUrl, directUrl: config.databaseDirectUrl };
  const dataDir = join(config.dataDir, 'postgres');
  for (let deadline: number | undefined; ; await sleep(100, undefined, { signal })) {
    try {
      const postgres = await runEmbeddedPostgres(dataDir, 'PostgreSQL', { logger, lifecycle });
      return { url: postgres.url, server: () => postgres.state() };
    } catch (error) {
      if (!(error instanceof CollectorError && error.code === 'conflict')) throw error;
      const url = service ? undefined : await runningEmbeddedUrl(dataDir);
      if (url !== undefined) return { url };
      if (deadline === undefined) logger.info({ reason: error.message }, 'Waiting for the database of another process …');
      deadline ??= Date.now() + PATIENCE_MS;
      if (Date.now() >= deadline) throw error;
    }
  }
}

/** An embedded server that stops with the process, and whose loss for good ends it. */
export async function runEmbeddedPostgres(
  dataDir: string,
  name: string,
  { logger, lifecycle }: Pick<OpenDatabaseOptions, 'logger' | 'lifecycle'>,
): Promise<EmbeddedPostgres> {
  const onGivenUp = (reason: Error): void => lifecycle.fail(lostForGood(reason));
  const postgres = await startEmbeddedPostgres({ dataDir, logger, onGivenUp });
  lifecycle.started(name, () => postgres.stop());
  return postgres;
}

function lostForGood(reason: Error): CollectorError {
  const code = reason instanceof CollectorError && reason.code === 'disk_full' ? 'disk_full' : 'database_unavailable';
  const message = `The embedded database ended and could not be started again, so this process ends. ${reason.message} Start again once that is cured; work goes on where it was.`;
  return new CollectorError(code, message, { kind: 'transient', cause: reason });
}
