import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Catalogue } from '@amc-reports/collector-service/data/catalogue/catalogue.ts';
import type { Dataset } from '@amc-reports/collector-service/data/catalogue/dataset.ts';
import { loadDatasets, loadRetired, SHIPPED_DATASETS } from '@amc-reports/collector-service/data/catalogue/load.ts';
import { importFiles } from '@amc-reports/collector-service/engine/collect/import/import.ts';
import type { UpkeepContext, UpkeepDeps } from '@amc-reports/collector-service/product/upkeep/context.ts';
import { insertInstance, SILENT } from '../collect/database.ts';
import { EMPTY_DAYS } from '../import/import-fixture.ts';
import { migrate } from '@amc-reports/collector-service/data/store/migrate.ts';
import { openStore, type Store } from '@amc-reports/collector-service/data/store/store.ts';
import { createMigratedDatabase, type TestDatabase } from '../database.ts';
import { KEEP, upkeepContext } from './context.ts';

/** The calendar of these tests. */
export const NOW = new Date('2026-03-18T12:00:00Z');

export interface UpkeepWorld {
  store: Store;
  url: string;
  workspaceId: string;
  catalogue: Catalogue;
  /** What a process's own upkeep works with. */
  deps: UpkeepDeps;
  /** What a use-case takes, for ada, who sees the whole workspace; or with something of it another. */
  context(more?: Partial<UpkeepContext>): UpkeepContext;
  folder: string;
  newInstance(): Promise<TestInstance>;
  query<T>(sql: string, ...values: unknown[]): Promise<T[]>;
  /** Every row of the tables as text, in the order of its text: equal means equal to the byte. */
  dump(...tables: string[]): Promise<Record<string, string[]>>;
  /** Rows of every table of the database, so that a test can say that nothing was touched. */
  counts(): Promise<Record<string, number>>;
  close(): Promise<void>;
}

export interface TestInstance {
  id: string;
  amc: string;
  /** Imports a result file as the newest version unless told; the week is told when the file does not. */
  load(dataset: string, text: string | Buffer, week?: string, version?: number): Promise<void>;
}

/** A migrated database over the shipped datasets and whatever else is given, fed by the real import. */
export async function createUpkeepWorld(more: readonly Dataset[] = [], given?: TestDatabase): Promise<UpkeepWorld> {
  const database = given ?? (await createMigratedDatabase());
  // Files of these tests are of the first version of campaign_performance.
  const shipped = (await loadDatasets([SHIPPED_DATASETS])).filter(({ dataset }) => dataset !== 'campaign_performance');
  const datasets = [...(await loadRetired()), ...shipped, ...more];
  const store = await openStore(database.url, { maxConnections: 20 });
  await migrate(store, { datasets });
  const query = async <T>(sql: string, ...values: unknown[]): Promise<T[]> => (await store.pool.query(sql, values)).rows as T[];
  const [workspace] = await query<{ id: string }>(`INSERT INTO workspaces (name) VALUES ('test') RETURNING id::text`);
  const workspaceId = workspace!.id;
  const catalogue = new Catalogue(datasets);
  const folder = await mkdtemp(join(tmpdir(), 'upkeep-'));
  const deps: UpkeepDeps = { store, catalogue, spoolDirectory: join(folder, 'spool'), logger: SILENT, clock: () => NOW, retention: KEEP };
  const context = (more?: Partial<UpkeepContext>): UpkeepContext => upkeepContext({ store, catalogue, workspaceId }, { ...deps, ...more });
  let instances = 0;
  let files = 0;

  return {
    store,
    url: database.url,
    workspaceId,
    catalogue,
    deps,
    context,
    folder,
    query,
    async newInstance() {
      const amc = `amc${++instances}`;
      const { id } = await insertInstance(
        { url: database.url, store, catalogue, workspaceId, drop: async () => undefined },
        { amcInstanceId: amc },
      );
      return {
        id,
        amc,
        async load(dataset, text, week, version) {
          const path = join(folder, `result-${++files}.csv`);
          await writeFile(path, text);
          // The import knows the newest version of what is loaded; an older one is imported by a collector of its time.
          const old = version === undefined ? catalogue : new Catalogue([catalogue.findDataset(dataset, version)]);
          const request = { instance: amc, dataset, files: [path], dryRun: false, week, emptyDays: EMPTY_DAYS };
          await importFiles(context({ catalogue: old, actor: 'test' }), request);
        },
      };
    },
    async dump(...tables) {
      const dumped: Record<string, string[]> = {};
      for (const table of tables) {
        const rows = await query<{ row: string }>(`SELECT t::text AS row FROM ${table} t ORDER BY 1`);
        dumped[table] = rows.map(({ row }) => row);
      }
      return dumped;
    },
    async counts() {
      const tables = await query<{ name: string }>(
        `SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace ORDER BY 1`,
      );
      const counted: Record<string, number> = {};
      for (const { name } of tables) counted[name] = (await query<{ n: number }>(`SELECT count(*)::int AS n FROM ${name}`))[0]!.n;
      return counted;
    },
    async close() {
      await store.close();
      await database.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
