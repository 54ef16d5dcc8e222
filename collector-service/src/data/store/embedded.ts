import { join } from 'node:path';
import type { Logger } from 'pino';
import { CollectorError } from '../../contract/error.ts';
import { placeBinaries } from './embedded/binaries.ts';
import { initialiseCluster, isInitialised, readPassword } from './embedded/cluster.ts';
import { takeDirectory } from './embedded/directory-lock.ts';
import { placeData } from './embedded/location.ts';
import { ensureOwner, OWNER, DATABASE } from './embedded/owner.ts';
import { chooseAccount } from './embedded/account.ts';
import { freePort } from './embedded/port.ts';
import { startServer, stopOrphan } from './embedded/server.ts';

export interface EmbeddedPostgresOptions {
  /** Where this server's data lives, or where a pointer to it does (see location.ts). One directory, one server. */
  dataDir: string;
  /** On 127.0.0.1; a free one unless told. */
  port?: number;
  logger?: Logger;
}

export interface EmbeddedPostgres {
  /** Login that owns the database and is no superuser. */
  url: string;
  /** Superuser of this server. */
  adminUrl: string;
  /** Where the data really is. */
  directory: string;
  /** Lets running transactions go, writes everything and waits for the end. */
  stop(): Promise<void>;
}

/**
 * Starts a PostgreSQL of our own on a persistent data directory, making the directory when it is new.
 * It listens on 127.0.0.1 only, with a random password kept beside the data (mode 600). Under root it runs as an unprivileged
 * user. A server that outlived its collector (kill -9) is stopped first; a crash recovers by itself.
 * @throws CollectorError conflict when another process uses the directory (with its pid), config_invalid when the directory
 *   belongs to another PostgreSQL version or cannot be used, database_unavailable when the server does not start
 */
export async function startEmbeddedPostgres({ dataDir, port, logger }: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const directory = await placeData(dataDir);
  const lock = await takeDirectory(directory);
  try {
    const account = await chooseAccount(join(directory, 'cluster'));
    const binaries = await placeBinaries(account);
    if (!(await isInitialised(directory, binaries.majorVersion))) {
      logger?.info({ directory }, 'Creating the embedded database.');
      await initialiseCluster(directory, binaries, account);
    }
    await stopOrphan(directory, logger);
    const chosen = port ?? (await freePort());
    const server = await startServer({ directory, binaries, account, port: chosen, logger });
    const password = await readPassword(directory);
    const urlOf = (user: string, database: string): string => `postgres://${user}:${password}@127.0.0.1:${chosen}/${database}`;
    try {
      await ensureOwner(urlOf('postgres', 'postgres'), password);
    } catch (error) {
      await server.stop();
      throw error;
    }
    logger?.info({ directory, port: chosen }, 'The embedded database is running.');
    return {
      url: urlOf(OWNER, DATABASE),
      adminUrl: urlOf('postgres', DATABASE),
      directory,
      async stop() {
        await server.stop();
        await lock.release();
      },
    };
  } catch (error) {
    await lock.release();
    throw error instanceof CollectorError ? error : explain(error, directory);
  }
}

function explain(error: unknown, directory: string): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC') {
    return new CollectorError('disk_full', `The disk of ${directory} is full; free some space and start again.`, { cause: error });
  }
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    const message = `${(error as Error).message}: the embedded database may not write there. Choose another data directory, or correct its owner.`;
    return new CollectorError('config_invalid', message, { cause: error });
  }
  return error;
}
