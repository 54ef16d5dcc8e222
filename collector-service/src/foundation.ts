import { join } from 'node:path';
import type { Logger } from 'pino';
import { ensureWorkspace } from './access/workspaces.ts';
import type { CallerInstance } from './access/caller.ts';
import { offsetClock, type Clock } from './calendar/clock.ts';
import { Catalogue } from './catalogue/catalogue.ts';
import type { Dataset } from './catalogue/dataset.ts';
import { loadDatasets, SHIPPED_DATASETS } from './catalogue/load.ts';
import { ensureCollection } from './collect/plan.ts';
import { connectionLimiter } from './collect/throttle.ts';
import type { Config } from './config.ts';
import { createClients, type Clients } from './connect/clients.ts';
import { openKeyring } from './connect/keyring.ts';
import { loadProvisioning } from './connect/load.ts';
import { provision } from './connect/provision.ts';
import type { Provisioning } from './connect/provisioning.ts';
import { openDatabase } from './database.ts';
import type { Lifecycle } from './lifecycle.ts';
import { migrate } from './store/migrate.ts';
import { openStore, type Store } from './store/store.ts';

/** What every mode and every command stands on. */
export interface Foundation {
  config: Config;
  logger: Logger;
  clock: Clock;
  store: Store;
  datasets: Dataset[];
  catalogue: Catalogue;
  clients: Clients;
  workspaceId: string;
  provisioning: Provisioning;
  /** Creates or updates connections, instances and collections of the provisioning files. Asks Amazon about new instances. */
  provision(signal: AbortSignal): Promise<void>;
}

export interface FoundationOptions {
  config: Config;
  logger: Logger;
  lifecycle: Lifecycle;
  /** Where provisioning files take their ${NAME} from. */
  env: Record<string, string | undefined>;
  signal: AbortSignal;
  /** Hears sentences about what is being waited for. */
  onStep?: (text: string) => void;
}

/**
 * Database up, migrated and provisionable. Datasets and provisioning files are read first: their mistakes need no database.
 * @throws CollectorError config_invalid with every mistake, database_unavailable, database_too_old
 */
export async function openFoundation({ config, logger, lifecycle, env, signal, onStep }: FoundationOptions): Promise<Foundation> {
  const provisioning = await loadProvisioning(config.provisioningDir, env);
  const datasets = await loadDatasets([
    SHIPPED_DATASETS,
    ...provisioning.datasets,
    ...(config.datasetsDir === undefined ? [] : [config.datasetsDir]),
  ]);
  const catalogue = new Catalogue(datasets);

  onStep?.(config.databaseUrl === undefined ? 'Starting PostgreSQL' : 'Connecting to PostgreSQL');
  const url = await openDatabase(config, logger, lifecycle);
  const store = await openStore(url, { maxConnections: 20, applicationName: 'amc-collector', logger, signal });
  lifecycle.started('database connections', () => store.close());
  await migrate(store, { datasets, logger });

  const { issuer, keysUrl, orgs } = config.grafana;
  const grafana = issuer === undefined ? null : { issuer, keysUrl: keysUrl ?? new URL('/api/signing-keys/keys', issuer).href, orgs };
  const workspaceId = await ensureWorkspace(store.pool, config.workspace, { grafana });
  const keyring = await openKeyring({ encryptionKey: config.encryptionKey, keyFile: join(config.dataDir, 'encryption.key') });
  const limiterFor = (connectionId: string) => connectionLimiter(store.pool, connectionId, { timeFactor: config.timeFactor });
  const clients = createClients({ pool: store.pool, keyring, logger, limiterFor });
  lifecycle.started('AMC clients', () => clients.close());
  const clock = offsetClock(config.calendarOffsetMs);

  return {
    config,
    logger,
    clock,
    store,
    datasets,
    catalogue,
    clients,
    workspaceId,
    provisioning,
    async provision(provisionSignal) {
      const plan = { store, catalogue, clock };
      await provision(
        {
          store,
          keyring,
          workspaceId,
          clients,
          logger,
          ensureCollection: async ({ instance, ...wanted }) =>
            void (await ensureCollection(plan, { ...wanted, workspaceId, instance: instance.amc.instanceId, createdBy: 'provisioning' })),
        },
        provisioning,
        provisionSignal,
      );
    },
  };
}

/** All instances of the workspace, for commands, which act for whoever may open the database. */
export async function workspaceInstances({
  store,
  workspaceId,
}: Pick<Foundation, 'store' | 'workspaceId'>): Promise<Pick<CallerInstance, 'id' | 'amcInstanceId' | 'name' | 'timeZone'>[]> {
  const { rows } = await store.pool.query<{ id: string; amc_instance_id: string; name: string; time_zone: string }>(
    'SELECT id::text, amc_instance_id, name, time_zone FROM instances WHERE workspace_id = $1 ORDER BY name, id',
    [workspaceId],
  );
  return rows.map((row) => ({ id: row.id, amcInstanceId: row.amc_instance_id, name: row.name, timeZone: row.time_zone }));
}
