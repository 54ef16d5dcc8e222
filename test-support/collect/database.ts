import { pino } from 'pino';
import { Catalogue } from '@amc-reports/collector-service/data/catalogue/catalogue.ts';
import { loadDatasets, SHIPPED_DATASETS } from '@amc-reports/collector-service/data/catalogue/load.ts';
import { migrate } from '@amc-reports/collector-service/data/store/migrate.ts';
import { openStore, type Store } from '@amc-reports/collector-service/data/store/store.ts';
import { createMigratedDatabase } from '../database.ts';

export const SILENT = pino({ level: process.env.TEST_LOG ?? 'silent' }, pino.destination(2));

export interface CollectDatabase {
  url: string;
  store: Store;
  catalogue: Catalogue;
  workspaceId: string;
  drop(): Promise<void>;
}

/** A migrated database with one workspace. */
export async function createCollectDatabase(): Promise<CollectDatabase> {
  const database = await createMigratedDatabase();
  const datasets = await loadDatasets([SHIPPED_DATASETS]);
  const store = await openStore(database.url, { maxConnections: 20 });
  await migrate(store, { datasets });
  const { rows } = await store.pool.query<{ id: string }>(`INSERT INTO workspaces (name) VALUES ('test') RETURNING id`);
  return {
    url: database.url,
    store,
    catalogue: new Catalogue(datasets),
    workspaceId: rows[0]!.id,
    drop: async () => {
      await store.close();
      await database.drop();
    },
  };
}

export interface NewInstance {
  amcInstanceId: string;
  accountId?: string;
  marketplaceId?: string;
  apiUrl?: string;
  tokenUrl?: string;
  timeZone?: string;
  advertiserTypes?: string[];
}

/** An instance with a connection of its own; the client's secrets come with the client, so the row holds none. */
export async function insertInstance(database: CollectDatabase, instance: NewInstance): Promise<{ id: string; connectionId: string }> {
  const { store, workspaceId } = database;
  const connection = await store.pool.query<{ id: string }>(
    `INSERT INTO connections (workspace_id, name, api_url, token_url, client_id, secret_key_id, secret_nonce, secret_ciphertext)
     VALUES ($1, $2, $3, $4, 'client', 'none', '', '') RETURNING id`,
    [
      workspaceId,
      `connection of ${instance.amcInstanceId}`,
      instance.apiUrl ?? 'http://127.0.0.1:9',
      instance.tokenUrl ?? 'http://127.0.0.1:9',
    ],
  );
  const connectionId = connection.rows[0]!.id;
  const { rows } = await store.pool.query<{ id: string }>(
    `INSERT INTO instances (workspace_id, connection_id, amc_instance_id, name, account_id, marketplace_id, time_zone, advertiser_types, currencies)
     VALUES ($1, $2, $3, $3, $4, $5, $6, $7, '{EUR,USD}') RETURNING id`,
    [
      workspaceId,
      connectionId,
      instance.amcInstanceId,
      instance.accountId ?? 'ENTITYTEST',
      instance.marketplaceId ?? 'ATVPDKIKX0DER',
      instance.timeZone ?? 'America/Los_Angeles',
      instance.advertiserTypes ?? ['SPONSORED_ADS', 'DISPLAY'],
    ],
  );
  return { id: rows[0]!.id, connectionId };
}
