import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { createAmcClient, type AmcClient, type AmcClientOptions } from '@amc-reports/collector-service/data/amc/client.ts';
import type { Catalogue } from '@amc-reports/collector-service/data/catalogue/catalogue.ts';
import { SANDBOX_CLIENT_ID, SANDBOX_CLIENT_SECRET, SANDBOX_REFRESH_TOKEN } from '@amc-reports/sandbox/account.ts';
import type { Store } from '@amc-reports/collector-service/data/store/store.ts';
import type { CollectDeps } from '@amc-reports/collector-service/engine/collect/deps.ts';
import { DEFAULT_SETTINGS, type CollectSettings } from '@amc-reports/collector-service/engine/collect/settings.ts';
import { connectionLimiter } from '@amc-reports/collector-service/engine/collect/throttle.ts';

/**
 * Fast time. Leases and the grace of a stop are long: a step that loses its run because the machine is busy is another test's story.
 * A test whose worker is killed shortens its lease or lets it expire (bench.expireLeases).
 */
export const TEST_SETTINGS: CollectSettings = {
  ...DEFAULT_SETTINGS,
  timeFactor: 400,
  clockSlackMs: 1_000,
  stopGraceMs: 30_000,
};

/** How long Amazon may take to answer; a test whose network swallows requests waits for less. */
export type Patience = Pick<AmcClientOptions, 'requestTimeoutMs' | 'download'>;

export interface TestCollector {
  deps: CollectDeps;
  close(): Promise<void>;
}

/** The parts a worker needs, against the sandbox that a connection's row names. */
export async function createTestCollector(
  store: Store,
  catalogue: Catalogue,
  logger: Logger,
  settings: Partial<CollectSettings> = {},
  patience: Patience = {},
): Promise<TestCollector> {
  const clients = new Map<string, Promise<AmcClient>>();
  const merged = { ...TEST_SETTINGS, ...settings };
  const amc = (connectionId: string): Promise<AmcClient> => {
    const client = clients.get(connectionId) ?? connect(store, connectionId, logger, merged.timeFactor, patience);
    clients.set(connectionId, client);
    // The database may have been killed in this very moment; the next step asks again.
    client.catch(() => clients.delete(connectionId));
    return client;
  };
  return {
    deps: {
      store,
      catalogue,
      amc,
      clock: () => new Date(),
      logger,
      spoolDirectory: await mkdtemp(join(tmpdir(), 'collect-')),
      settings: merged,
    },
    close: async () => {
      for (const client of clients.values()) await (await client).close();
    },
  };
}

async function connect(store: Store, connectionId: string, logger: Logger, timeFactor: number, patience: Patience): Promise<AmcClient> {
  const { rows } = await store.pool.query<{ api_url: string; token_url: string }>(
    'SELECT api_url, token_url FROM connections WHERE id = $1',
    [connectionId],
  );
  const row = rows[0]!;
  return createAmcClient({
    apiUrl: row.api_url,
    tokenUrl: row.token_url,
    clientId: SANDBOX_CLIENT_ID,
    clientSecret: SANDBOX_CLIENT_SECRET,
    refreshToken: SANDBOX_REFRESH_TOKEN,
    logger,
    limiter: connectionLimiter(store.pool, connectionId, { timeFactor }),
    ...patience,
  });
}
