import type pg from 'pg';
import type { Logger } from 'pino';
import { createAmcClient, type AmcClient } from '../amc/client.ts';
import type { RequestLimiter } from '../amc/limiter.ts';
import { readConnection, type Connection } from './connections.ts';
import type { Keyring } from './keyring.ts';

export interface ClientsDeps {
  readonly pool: pg.Pool;
  readonly keyring: Keyring;
  readonly logger: Logger;
  /** The token bucket a connection's requests share across processes. */
  readonly limiterFor?: (connectionId: string) => RequestLimiter;
}

/** One AMC client per stored connection, made when first asked for, so that its access token is shared by all who use it. */
export interface Clients {
  /** @throws CollectorError not_found, config_invalid when the secrets do not open */
  forConnection(connectionId: string): Promise<AmcClient>;
  close(): Promise<void>;
}

export function createClients(deps: ClientsDeps): Clients {
  const open = new Map<string, { readonly credentials: string; readonly client: AmcClient }>();
  return {
    async forConnection(connectionId) {
      // Read every time: another process may have provisioned new credentials.
      const connection = await readConnection(deps.pool, deps.keyring, connectionId);
      const credentials = fingerprint(connection);
      const known = open.get(connectionId);
      if (known?.credentials === credentials) return known.client;
      const client = clientFor(connection, deps.logger, deps.limiterFor?.(connectionId));
      open.set(connectionId, { credentials, client });
      // Requests under way end by themselves; close() only waits for them.
      void known?.client.close().catch((error: unknown) => deps.logger.warn({ err: error }, 'An old connection to AMC did not close'));
      return client;
    },
    close: async () => void (await Promise.all([...open.values()].map(({ client }) => client.close()))),
  };
}

/** A client for opened credentials. */
export const clientFor = (connection: Omit<Connection, 'id' | 'name'>, logger: Logger, limiter?: RequestLimiter): AmcClient =>
  createAmcClient({
    apiUrl: connection.apiUrl,
    tokenUrl: connection.tokenUrl,
    clientId: connection.clientId,
    clientSecret: connection.secrets.clientSecret.reveal(),
    refreshToken: connection.secrets.refreshToken.reveal(),
    logger,
    ...(limiter === undefined ? {} : { limiter }),
  });

const fingerprint = ({ apiUrl, tokenUrl, clientId, secrets }: Connection): string =>
  JSON.stringify([apiUrl, tokenUrl, clientId, secrets.clientSecret.reveal(), secrets.refreshToken.reveal()]);
