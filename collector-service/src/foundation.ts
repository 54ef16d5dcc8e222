import { join } from 'node:path';
import type { Logger } from 'pino';
import { findOrCreateWorkspace } from './engine/access/workspaces.ts';
import type { CallerInstance } from './engine/access/caller.ts';
import { offsetClock, type Clock } from './ground/calendar/clock.ts';
import { Catalogue } from './data/catalogue/catalogue.ts';
import type { Dataset } from './data/catalogue/dataset.ts';
import { loadDatasets, loadRetired, SHIPPED_DATASETS } from './data/catalogue/load.ts';
import { ensureCollection } from './engine/collect/collections/ensure.ts';
import { connectionLimiter } from './engine/collect/throttle.ts';
import type { Config } from './ground/config.ts';
import { createClients, type Clients } from './data/connect/clients.ts';
import { openKeyring, type Keyring } from './data/connect/keyring.ts';
import { loadProvisioning } from './data/connect/load.ts';
import { provision } from './data/connect/provision.ts';
import type { LoadedProvisioning, Provisioning } from './data/connect/provisioning.ts';
import { openDatabase } from './database.ts';
import { JOBS } from './jobs.ts';
import type { Lifecycle } from './ground/lifecycle.ts';
import { ensureSchedule } from './product/schedule/provision.ts';
import { datasetsHeld } from './data/store/dataset-tables.ts';
import type { ServerState } from './data/store/embedded/supervise.ts';
import { migrate } from './data/store/migrate.ts';
import { openStore, type Store } from './data/store/store.ts';
import { writeAudit } from './ground/audit.ts';

/** What every mode and every command stands on. */
export interface Foundation {
  config: Config;
  logger: Logger;
  clock: Clock;
  store: Store;
  /** What the embedded server is doing, when it is this process's own. */
  server: (() => ServerState) | undefined;
  datasets: Dataset[];
  catalogue: Catalogue;
  keyring: Keyring;
  clients: Clients;
  workspaceId: string;
  provisioning: LoadedProvisioning;
  /** Creates or updates connections, instances, collections and schedules of the provisioning files. Asks Amazon about new instances. */
  provision(signal: AbortSignal): Promise<void>;
}

export interface FoundationOptions {
  config: Config;
  logger: Logger;
  lifecycle: Lifecycle;
  /** Where provisioning files take their ${NAME} from. */
  env: Record<string, string | undefined>;
  signal: AbortSignal;
  /** Whether this is a service and no command: see openDatabase. */
  service?: boolean;
  /** Hears sentences about what is being waited for. */
  onStep?: (text: string) => void;
}

/**
 * Database up, migrated and provisionable. Datasets and provisioning files are read first: their mistakes need no database.
 * @throws CollectorError config_invalid with every mistake, database_unavailable, database_too_old, conflict when another process has the
 *   embedded database
 */
export async function openFoundation({
  config,
  logger,
  lifecycle,
  env,
  signal,
  service = false,
  onStep,
}: FoundationOptions): Promise<Foundation> {
  const provisioning = await loadProvisioning(config.provisioningDir, env);
  const current = await loadDatasets([
    SHIPPED_DATASETS,
    ...provisioning.datasets,
    ...(config.datasetsDir === undefined ? [] : [config.datasetsDir]),
  ]);

  onStep?.(config.databaseUrl === undefined ? 'Starting PostgreSQL' : 'Connecting to PostgreSQL');
  const { url, directUrl, server } = await openDatabase({ config, logger, lifecycle, signal, service });
  const store = await openStore(url, { directUrl, maxConnections: 20, maxReaders: 10, applicationName: 'amc-collector', logger, signal });
  lifecycle.started('database connections', () => store.close());
  const datasets = [...current, ...(await loadRetired(await datasetsHeld(store.pool)))];
  const catalogue = new Catalogue(datasets);
  // Under a lock of the session.
  await migrate({ pool: store.sessions }, { datasets, jobs: JOBS, logger });

  const { id: workspaceId } = await findOrCreateWorkspace(store.pool, config.workspace);
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
    server,
    datasets,
    catalogue,
    keyring,
    clients,
    workspaceId,
    provisioning,
    async provision(provisionSignal) {
      const deps = { store, keyring, catalogue, clients, clock, logger };
      for (const [name, part] of provisioning.workspaces)
        await provisionWorkspace(deps, name === null ? workspaceId : await provisionedWorkspace(store, name), part, provisionSignal);
    },
  };
}

/** A workspace that a provisioning file names is made when it is missing; who may be believed there, and its tokens, come by command. */
const provisionedWorkspace = (store: Store, name: string): Promise<string> =>
  store.transaction(async (tx) => {
    const { id, created } = await findOrCreateWorkspace(tx, name);
    if (created)
      await writeAudit(tx, { workspaceId: id, person: 'provisioning', action: 'workspace.create', subject: `workspace ${name}` });
    return id;
  });

async function provisionWorkspace(
  deps: Pick<Foundation, 'store' | 'keyring' | 'catalogue' | 'clients' | 'clock' | 'logger'>,
  workspaceId: string,
  provisioning: Provisioning,
  signal: AbortSignal,
): Promise<void> {
  const ctx = { ...deps, scope: { workspaceId, instanceIds: null }, actor: 'provisioning', signal };
  const scheduled: { schedule: string; id: string; created: boolean }[] = [];
  await provision(
    {
      ...deps,
      workspaceId,
      ensureCollection: async ({ instance, schedule, ...wanted }) => {
        const { collection, created } = await ensureCollection(ctx, { ...wanted, instance: instance.amc.instanceId });
        if (schedule !== undefined) scheduled.push({ schedule, id: collection.id, created });
      },
      record: (tx, action, subject, details) => writeAudit(tx, { workspaceId, person: ctx.actor, action, subject, details }),
    },
    provisioning,
    signal,
  );
  for (const schedule of provisioning.schedules) {
    const collections = scheduled.filter((each) => each.schedule === schedule.name);
    await ensureSchedule(ctx, { schedule, collections });
  }
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
