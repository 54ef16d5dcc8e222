import type { Store } from '../src/data/store/store.ts';
import type { Dataset } from '../src/data/catalogue/dataset.ts';

export interface BenchAccount {
  instanceId: string;
  collectionId: string;
  /** A run of each week as a worker would hold it, in the weeks' order. */
  claimRuns(weeks: readonly string[]): Promise<BenchRun[]>;
}

export interface BenchRun {
  runId: string;
  fence: string;
}

/** A workspace with one instance and a collection of the dataset over every week. */
export async function createAccount(store: Store, dataset: Dataset, firstWeek: string, lastWeek: string): Promise<BenchAccount> {
  const { rows } = await store.pool.query<{ instance: string; collection: string }>(
    `WITH w AS (INSERT INTO workspaces (name) VALUES ('bench') RETURNING id),
          c AS (INSERT INTO connections (workspace_id, name, api_url, token_url, client_id, secret_key_id, secret_nonce, secret_ciphertext)
                SELECT id, 'bench', 'http://localhost', 'http://localhost', 'bench', 'none', '', '' FROM w RETURNING id, workspace_id),
          i AS (INSERT INTO instances (workspace_id, connection_id, amc_instance_id, name, account_id, marketplace_id, time_zone)
                SELECT workspace_id, id, 'bench', 'Bench', 'ENTITY', 'ATVPDKIKX0DER', 'UTC' FROM c RETURNING id, workspace_id)
     INSERT INTO report_data_collections (workspace_id, instance_id, dataset, dataset_version, name, first_week, last_week, workflow_id, sql_text, created_by)
     SELECT workspace_id, id, $1, $2, 'Bench', $3, $4, 'bench', 'SELECT 1', 'bench' FROM i
     RETURNING instance_id::text AS instance, id::text AS collection`,
    [dataset.dataset, dataset.version, firstWeek, lastWeek],
  );
  const { instance: instanceId, collection: collectionId } = rows[0]!;
  return {
    instanceId,
    collectionId,
    async claimRuns(weeks) {
      const runs = await store.pool.query<{ id: string }>(
        `INSERT INTO week_runs (collection_id, instance_id, week, state, fence)
         SELECT $1, $2, week, 'merging', 1 FROM unnest($3::date[]) WITH ORDINALITY AS w (week, place) ORDER BY place RETURNING id::text`,
        [collectionId, instanceId, weeks],
      );
      return runs.rows.map(({ id }) => ({ runId: id, fence: '1' }));
    },
  };
}
