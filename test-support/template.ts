import pg from 'pg';
import { loadDatasets, loadRetired, SHIPPED_DATASETS } from '@amc-reports/collector-service/data/catalogue/load.ts';
import { migrate } from '@amc-reports/collector-service/data/store/migrate.ts';
import { openStore } from '@amc-reports/collector-service/data/store/store.ts';

/**
 * Makes the database that createMigratedDatabase copies: the collector's schema and the tables of the shipped datasets.
 * @returns its address, for TEST_MIGRATED_URL
 */
export async function makeTemplate(adminUrl: string): Promise<string> {
  const admin = new pg.Client(adminUrl);
  await admin.connect();
  await admin.query('CREATE DATABASE migrated');
  await admin.end();
  const url = new URL(adminUrl);
  url.pathname = '/migrated';
  const store = await openStore(url.href);
  await migrate(store, { datasets: [...(await loadDatasets([SHIPPED_DATASETS])), ...(await loadRetired())] });
  await store.close();
  return url.href;
}
