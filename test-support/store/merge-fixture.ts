import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadDatasets, loadRetired, SHIPPED_DATASETS } from '@amc-reports/collector-service/data/catalogue/load.ts';
import type { Dataset } from '@amc-reports/collector-service/data/catalogue/dataset.ts';
import { spool, type ScannedPart, type SpoolOptions } from '@amc-reports/collector-service/data/resultfile/spool.ts';
import { createMigratedDatabase, createTestDatabase, type TestDatabase } from '../database.ts';
import { mergeOrRefuse, mergeWeek, type MergeResult } from '@amc-reports/collector-service/data/store/merge/merge-week.ts';
import type { Refusal } from '@amc-reports/collector-service/data/store/merge/refusal.ts';
import type { MergeInput } from '@amc-reports/collector-service/data/store/merge/input.ts';
import { migrate } from '@amc-reports/collector-service/data/store/migrate.ts';
import { openStore, type Store } from '@amc-reports/collector-service/data/store/store.ts';

export interface MergeFixture {
  store: Store;
  url: string;
  campaigns: Dataset;
  reach: Dataset;
  directory: string;
  /** A new instance with a collection of campaign_performance; every test has its own, so that none sees another's rows. */
  newInstance(): Promise<TestInstance>;
  /** Puts a file through the spool. */
  part(text: string | Buffer, options?: SpoolOptions): Promise<ScannedPart>;
  close(): Promise<void>;
}

export interface TestInstance {
  id: string;
  /** A run of the week, held with fence 1. */
  newRun(week: string): Promise<{ runId: string; fence: string }>;
  input(week: string, parts: ScannedPart[], more?: Partial<MergeInput>): Promise<MergeInput>;
  /** Merges the files as a run of the week in a transaction of their own. */
  merge(week: string, ...files: (string | Buffer | ScannedPart)[]): Promise<MergeResult>;
  /** The same for one file, whose refusal is an answer. */
  attempt(week: string, file: string, more?: Partial<MergeInput>): Promise<MergeResult | Refusal>;
}

/** @param given another database than a new one of the run's PostgreSQL */
export async function createMergeFixture(datasets?: Dataset[], given?: TestDatabase): Promise<MergeFixture> {
  const database = given ?? (await (datasets ? createTestDatabase() : createMigratedDatabase()));
  const store = await openStore(database.url);
  const loaded = datasets ?? [...(await loadRetired()), ...(await loadDatasets([SHIPPED_DATASETS]))];
  await migrate(store, { datasets: loaded });
  const directory = await mkdtemp(join(tmpdir(), 'amc-reports-merge-'));
  const find = (name: string): Dataset => loaded.find((dataset) => dataset.dataset === name) ?? loaded[0]!;
  let files = 0;
  let instances = 0;
  const part = (text: string | Buffer, options: SpoolOptions = {}): Promise<ScannedPart> =>
    spool(inPieces(Buffer.from(text)), { directory, name: `part-${++files}.csv` }, options, new AbortController().signal);

  return {
    store,
    url: database.url,
    campaigns: find('campaign_performance'),
    reach: find('reach_frequency'),
    directory,
    part,
    async newInstance() {
      const name = `instance-${++instances}`;
      const { rows } = await store.pool.query<{ id: string; collection: string }>(
        `WITH w AS (INSERT INTO workspaces (name) VALUES ($1) RETURNING id),
              c AS (INSERT INTO connections (workspace_id, name, api_url, token_url, client_id, secret_key_id, secret_nonce, secret_ciphertext)
                    SELECT id, $1, 'http://localhost', 'http://localhost', 'client', 'key', '', '' FROM w RETURNING id, workspace_id),
              i AS (INSERT INTO instances (workspace_id, connection_id, amc_instance_id, name, account_id, marketplace_id, time_zone)
                    SELECT workspace_id, id, $1, $1, 'ENTITY1', 'ATVPDKIKX0DER', 'Europe/Berlin' FROM c RETURNING id, workspace_id)
         INSERT INTO report_data_collections (workspace_id, instance_id, dataset, dataset_version, name, first_week, last_week, workflow_id, sql_text, created_by)
         SELECT workspace_id, id, $2, $3, $1, '2024-01-01', '2026-12-28', 'w', 'SELECT 1', 'test' FROM i
         RETURNING instance_id::text AS id, id::text AS collection`,
        [name, find('campaign_performance').dataset, find('campaign_performance').version],
      );
      const { id, collection } = rows[0]!;
      const newRun = async (week: string): Promise<{ runId: string; fence: string }> => {
        const run = await store.pool.query<{ id: string }>(
          `INSERT INTO week_runs (collection_id, instance_id, week, state, fence) VALUES ($1, $2, $3, 'done', 1) RETURNING id::text`,
          [collection, id, week],
        );
        return { runId: run.rows[0]!.id, fence: '1' };
      };
      const input = async (week: string, parts: ScannedPart[], more: Partial<MergeInput> = {}): Promise<MergeInput> => ({
        dataset: find('campaign_performance'),
        instanceId: id,
        week,
        ...(await newRun(week)),
        parts,
        ...more,
      });
      return {
        id,
        newRun,
        input,
        async merge(week, ...given) {
          const parts = await Promise.all(given.map((file) => (typeof file === 'string' || Buffer.isBuffer(file) ? part(file) : file)));
          const prepared = await input(week, parts);
          return store.transaction((tx) => mergeWeek(tx, prepared));
        },
        async attempt(week, file, more) {
          const prepared = await input(week, [await part(file)], more);
          return store.transaction((tx) => mergeOrRefuse(tx, prepared));
        },
      };
    },
    async close() {
      await store.close();
      await database.drop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** As a network would: not in one piece, and cut in awkward places. */
async function* inPieces(bytes: Buffer): AsyncGenerator<Buffer> {
  const size = Math.max(1, Math.ceil(bytes.length / 3));
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** Columns of a campaign_performance file, with what a row holds unless told. NULL is an empty field. */
export const ROW = {
  source: 'sponsored_ads',
  event_date: '2026-01-06',
  advertiser: 'Acme',
  ad_product: 'sponsored_products',
  campaign_id: '1',
  campaign: 'Spring',
  currency: 'USD',
  filtered: 'false',
  impressions: '1000',
  clicks: '10',
  spend_microcents: '123456789',
  cost_millicents: '',
  purchases: '',
  sales: '',
  units: '',
  ntb_purchases: '',
  ntb_sales: '',
  detail_page_views: '',
  add_to_carts: '',
};
export type FileRow = Partial<Record<keyof typeof ROW, string>>;

export const campaignHeader = Object.keys(ROW).join(',');

/** A campaign_performance result file. Values are written as they stand, so that a test can quote them its own way. */
export const campaignFile = (rows: FileRow[], { header = campaignHeader, lineEnd = '\n' } = {}): string =>
  [header, ...rows.map((row) => Object.values({ ...ROW, ...row }).join(','))].map((line) => line + lineEnd).join('');
