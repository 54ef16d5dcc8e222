import { join } from 'node:path';
import type { Logger } from 'pino';
import { CollectorError } from '../../contract/error.ts';
import { chooseAccount } from './embedded/account.ts';
import { placeBinaries } from './embedded/binaries.ts';
import { initialiseCluster, isInitialised, readPassword } from './embedded/cluster.ts';
import { takeDirectory, type DirectoryLock } from './embedded/directory-lock.ts';
import { placeData } from './embedded/location.ts';
import { ensureOwner, OWNER, DATABASE } from './embedded/owner.ts';
import { freePort } from './embedded/port.ts';
import { startServer, type ServerOptions } from './embedded/server.ts';
import { supervise, type ServerState, type SupervisedServer, type Supervision } from './embedded/supervise.ts';

export interface EmbeddedPostgresOptions extends Pick<Supervision, 'onGivenUp'> {
  /** Where this server's data lives, or where a pointer to it does (see location.ts). One directory, one server. */
  dataDir: string;
  /** On 127.0.0.1; a free one unless told. */
  port?: number;
  logger?: Logger;
  /** Before each new start of a server that ended, in milliseconds; as many starts are tried. Unless told: eight, over two minutes. */
  restartPauses?: readonly number[];
}

export interface EmbeddedPostgres {
  /** Login that owns the database and is no superuser. The same as long as this process runs. */
  url: string;
  /** Superuser of this server. */
  adminUrl: string;
  /** Where the data really is. */
  directory: string;
  state(): ServerState;
  /** Lets running transactions go, writes everything and waits for the end. */
  stop(): Promise<void>;
}

/**
 * Starts a PostgreSQL of our own on a persistent data directory, making the directory when it is new, and keeps it running: one that
 * ends is started again on the same port. It listens on 127.0.0.1 only, with a random password kept beside the data (mode 600). Under
 * root it runs as an unprivileged user. A server that outlived its collector (kill -9) is stopped first; a crash recovers by itself.
 * @throws CollectorError conflict when another process uses the directory (with its pid), config_invalid when the directory
 *   belongs to another PostgreSQL version or cannot be used, database_unavailable or disk_full when the server does not start
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { dataDir, logger } = options;
  const directory = await placeData(dataDir);
  let lock: DirectoryLock | undefined;
  try {
    lock = takeDirectory(directory);
    const account = await chooseAccount(join(directory, 'cluster'));
    const binaries = await placeBinaries(account);
    if (!(await isInitialised(directory, binaries.majorVersion))) {
      logger?.info({ directory }, 'Creating the embedded database.');
      await initialiseCluster(directory, binaries, account);
    }
    const port = options.port ?? (await freePort());
    const server = await superviseServer({ directory, binaries, account, port, logger }, options);
    const password = await readPassword(directory);
    const urlOf = (user: string, database: string): string => `postgres://${user}:${password}@127.0.0.1:${port}/${database}`;
    try {
      await ensureOwner(urlOf('postgres', 'postgres'), password);
    } catch (error) {
      await server.stop();
      throw error;
    }
    logger?.info({ directory, port }, 'The embedded database is running.');
    return {
      url: urlOf(OWNER, DATABASE),
      adminUrl: urlOf('postgres', DATABASE),
      directory,
      state: () => server.state(),
      async stop() {
        await server.stop();
        lock?.release();
      },
    };
  } catch (error) {
    lock?.release();
    throw explain(error, directory);
  }
}

const superviseServer = (server: ServerOptions, { restartPauses, onGivenUp }: EmbeddedPostgresOptions): Promise<SupervisedServer> =>
  supervise({
    start: (stopping) =>
      startServer(server, stopping).catch((error: unknown) => {
        throw explain(error, server.directory);
      }),
    pauses: restartPauses,
    logger: server.logger,
    onGivenUp,
  });

function explain(error: unknown, directory: string): unknown {
  if (error instanceof CollectorError) return error;
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
