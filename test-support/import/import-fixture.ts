import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Catalogue } from '@amc-reports/collector-service/data/catalogue/catalogue.ts';
import type { Dataset } from '@amc-reports/collector-service/data/catalogue/dataset.ts';
import { migrate } from '@amc-reports/collector-service/data/store/migrate.ts';
import { importFiles, type ImportRequest, type ImportResult } from '@amc-reports/collector-service/engine/collect/import/import.ts';
import { addDays, type IsoDate } from '@amc-reports/collector-service/ground/calendar/week.ts';
import { testContext } from '../collect/context.ts';
import { createCollectDatabase, insertInstance, type CollectDatabase } from '../collect/database.ts';
import { ads, header, row } from './ads.ts';

export { header, row };

/** The calendar of these tests: the newest complete week is that of 9 March. */
export const clock = () => new Date('2026-03-18T12:00:00Z');

/** For tests about something else, whose files hold a row or two. */
export const EMPTY_DAYS = [{ from: '2020-01-01', to: '2030-12-31' }];

export const csv = (...rows: string[]) => `${[header, ...rows].join('\n')}\n`;

/** A row for each day from the first to the last. */
export const days = (first: IsoDate, last: IsoDate, impressions = 10): string[] => {
  const rows: string[] = [];
  for (let day = first; day <= last; day = addDays(day, 1)) rows.push(row(day, 'Boots', impressions));
  return rows;
};

export interface ImportFixture {
  database: CollectDatabase;
  /** A folder for a test's files. */
  folder: string;
  /** The instance of the test at hand: its AMC id, and ours. */
  instance: string;
  instanceId: string;
  newInstance(): Promise<void>;
  /** Writes a file and returns its path. */
  file(name: string, content: string | Buffer): Promise<string>;
  load(files: string[], more?: Partial<ImportRequest>): Promise<ImportResult>;
  query<T>(sql: string, ...values: unknown[]): Promise<T[]>;
  close(): Promise<void>;
}

/** A migrated database with the shipped datasets, ads, and whatever else is given. */
export async function createImportFixture(more: readonly Dataset[] = []): Promise<ImportFixture> {
  const made = await createCollectDatabase();
  const database = { ...made, catalogue: new Catalogue([...made.catalogue.datasets, ads, ...more]) };
  await migrate(database.store, { datasets: database.catalogue.datasets });
  const folder = await mkdtemp(join(tmpdir(), 'import-'));
  let count = 0;
  const fixture: ImportFixture = {
    database,
    folder,
    instance: '',
    instanceId: '',
    async newInstance() {
      fixture.instance = `amc${++count}`;
      fixture.instanceId = (await insertInstance(database, { amcInstanceId: fixture.instance })).id;
    },
    async file(name, content) {
      const path = join(folder, `${count}-${name}`);
      await writeFile(path, content);
      return path;
    },
    load: (files, request = {}) =>
      importFiles(
        { ...testContext(database, { clock }), spoolDirectory: join(folder, 'spool'), signal: AbortSignal.timeout(30_000) },
        { instance: fixture.instance, dataset: 'ads', files, dryRun: false, ...request },
      ),
    query: async <T>(sql: string, ...values: unknown[]) => (await database.store.pool.query(sql, values)).rows as T[],
    async close() {
      await database.drop();
      await rm(folder, { recursive: true });
    },
  };
  return fixture;
}
