import type pg from 'pg';
import type { Logger } from 'pino';
import { CollectorError } from '../../contract/error.ts';
import type { Store } from '../store/store.ts';
import type { Clients } from './clients.ts';
import { saveConnection } from './connections.ts';
import { discoverInstance, type DiscoveredInstance } from './discover.ts';
import { findInstance, hasCollections, saveInstance, type StoredInstance } from './instances.ts';
import type { Keyring } from './keyring.ts';
import type { ProvisionedCollection, ProvisionedInstance, Provisioning } from './provisioning.ts';

/** A collection that should exist; the instance by our id. */
export type WantedCollection = Omit<ProvisionedCollection, 'instance'> & { readonly instance: StoredInstance };

export interface ProvisionDeps {
  readonly store: Store;
  readonly keyring: Keyring;
  readonly workspaceId: string;
  readonly clients: Clients;
  readonly logger: Logger;
  /** Creates the collection unless it is there. Called for each, in the order of the files. */
  ensureCollection(wanted: WantedCollection): Promise<void>;
  /** Puts a change on record, in its transaction. */
  record(tx: pg.PoolClient, action: string, subject: string, details: Record<string, unknown>): Promise<void>;
}

/**
 * Makes the database agree with the provisioning files; run again, it changes nothing. What is no longer in the files stays.
 * A new instance is asked about at Amazon and fails with Amazon's error; one that is known keeps what was learnt when Amazon
 * does not answer. Returns the instances provisioned.
 * @throws CollectorError conflict when a file moves an instance with data to another time zone
 */
export async function provision(deps: ProvisionDeps, provisioning: Provisioning, signal: AbortSignal): Promise<StoredInstance[]> {
  const connectionIds = await deps.store.transaction(async (tx) => {
    const ids = new Map<string, string>();
    for (const connection of provisioning.connections) {
      const { id, written } = await saveConnection(tx, deps.keyring, deps.workspaceId, connection);
      ids.set(connection.name, id);
      if (written) await deps.record(tx, 'connection.provision', `connection ${connection.name}`, { apiUrl: connection.apiUrl });
    }
    return ids;
  });
  const instances: StoredInstance[] = [];
  for (const wanted of provisioning.instances)
    instances.push(await provisionInstance(deps, wanted, connectionIds.get(wanted.connection)!, signal));
  for (const { instance: amcInstanceId, ...collection } of provisioning.collections) {
    signal.throwIfAborted();
    await deps.ensureCollection({ ...collection, instance: instances.find((instance) => instance.amc.instanceId === amcInstanceId)! });
  }
  return instances;
}

async function provisionInstance(
  deps: ProvisionDeps,
  wanted: ProvisionedInstance,
  connectionId: string,
  signal: AbortSignal,
): Promise<StoredInstance> {
  const known = await findInstance(deps.store.pool, deps.workspaceId, wanted.amcInstanceId);
  const amc = { instanceId: wanted.amcInstanceId, accountId: wanted.account, marketplaceId: wanted.marketplace };
  const found = await discover(deps, connectionId, amc, known, signal);
  const instance = {
    workspaceId: deps.workspaceId,
    connectionId,
    amc,
    name: wanted.name ?? found.name,
    timeZone: wanted.timeZone ?? known?.timeZone ?? found.timeZone,
    advertiserTypes: found.advertiserTypes,
    currencies: found.currencies,
  };
  const id = await deps.store.transaction(async (tx) => {
    if (known !== null && known.timeZone !== instance.timeZone && (await hasCollections(tx, known.id))) {
      throw new CollectorError(
        'conflict',
        `Instance ${amc.instanceId} has weeks collected in ${known.timeZone}; in ${instance.timeZone} its days would be others. Set the time zone back, or provision the instance in another workspace.`,
      );
    }
    const saved = await saveInstance(tx, { ...instance, executionsPerDay: wanted.executionsPerDay });
    if (saved.written) await deps.record(tx, 'instance.provision', `instance ${amc.instanceId}`, { connection: wanted.connection });
    return saved.id;
  });
  return { id, ...instance };
}

async function discover(
  deps: ProvisionDeps,
  connectionId: string,
  amc: StoredInstance['amc'],
  known: StoredInstance | null,
  signal: AbortSignal,
): Promise<Omit<DiscoveredInstance, 'advertisers'>> {
  const client = await deps.clients.forConnection(connectionId);
  try {
    return await discoverInstance(client, amc, signal);
  } catch (error) {
    signal.throwIfAborted();
    if (known === null || !(error instanceof CollectorError)) throw error;
    deps.logger.warn(
      { instance: amc.instanceId, code: error.code },
      `Amazon could not be asked about instance ${amc.instanceId}; what is known of it is kept. ${error.message}`,
    );
    return known;
  }
}
