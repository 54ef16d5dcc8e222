import { Gauge, type Registry } from 'prom-client';
import type pg from 'pg';

/** pg ends the wait itself; its types do not know the option. */
const DEADLINE = { query_timeout: 5_000 };

/**
 * What the data takes, read at each scrape. Looks at the sizes of files only (heap, indexes, what is stored out of line), so it costs the
 * same whatever they hold. Without an answer of the database the series are absent.
 */
export function registerStorageMetrics(registry: Registry, pool: pg.Pool): void {
  new Gauge({
    name: 'amc_reports_storage_bytes',
    help: 'Size of the tables by kind: facts and rollups by dataset and version, files for stored results',
    labelNames: ['kind', 'dataset', 'version'] as const,
    registers: [registry],
    async collect() {
      this.reset();
      const sizes = await readSizes(pool).catch(() => []);
      for (const { bytes, ...labels } of sizes) this.set(labels, Number(bytes));
    },
  });
}

interface StorageSize {
  kind: 'facts' | 'rollups' | 'files';
  dataset: string;
  version: string;
  bytes: string;
}

async function readSizes(pool: pg.Pool): Promise<StorageSize[]> {
  const { rows } = await pool.query<StorageSize>({
    text: `
      SELECT kind, dataset, version, sum(coalesce(pg_total_relation_size(to_regclass(name)), 0))::text AS bytes FROM (
        SELECT 'facts' AS kind, name AS dataset, version::text AS version, 'fact_' || name || '_v' || version AS name
          FROM datasets WHERE dropped_at IS NULL
        UNION ALL SELECT 'rollups', dataset, dataset_version::text, table_name FROM report_data_aggregates
        UNION ALL SELECT 'files', '', '', 'result_files') AS tables
       GROUP BY kind, dataset, version`,
    ...DEADLINE,
  });
  return rows;
}
