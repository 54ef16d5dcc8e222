import type { Context } from '../../ground/context.ts';
import { resultFilesTableSize, selectFileSizes, selectTableSizes, selectWeekRows, type TableSize } from './statements/storage.ts';

export const GROUPINGS = ['workspace', 'instance', 'dataset', 'week'] as const;
export type Grouping = (typeof GROUPINGS)[number];

export interface StorageLine {
  instance: string | null;
  /** With its version: campaign_performance v1. */
  dataset: string | null;
  week: string | null;
  rows: number;
  /** Compressed bytes of files that weeks are served from. */
  servedFiles: number;
  /** Of held runs, open or decided, and of files that nothing refers to. */
  otherFiles: number;
  /** Estimated by the share of rows, since a table holds every instance and week together. */
  factBytes: number;
  rollupBytes: number;
}

export interface StorageReport {
  lines: StorageLine[];
  /** Exact, for the whole database. */
  tables: TableSize[];
  resultFilesTable: number;
}

export interface StorageRequest {
  /** AMC instance id; all of the scope when left out. */
  instance?: string | undefined;
  dataset?: string | undefined;
  by: Grouping;
}

/** What the data of a scope takes, grouped; the weeks oldest first. */
export async function readStorage(
  { store: { pool }, scope }: Pick<Context, 'store' | 'scope'>,
  { by, ...filter }: StorageRequest,
): Promise<StorageReport> {
  const [files, tables, weeks, total] = await Promise.all([
    selectFileSizes(pool, scope),
    selectTableSizes(pool),
    selectWeekRows(pool, scope),
    resultFilesTableSize(pool),
  ]);
  const lines = new Map<string, StorageLine>();
  const lineOf = (instance: string, dataset: string, version: number | null, week: string | null): StorageLine => {
    const wide = by === 'workspace';
    const line: StorageLine = {
      instance: wide ? null : instance,
      dataset: wide || by === 'instance' ? null : `${dataset}${version === null ? '' : ` v${version}`}`,
      week: by === 'week' ? week : null,
      rows: 0,
      servedFiles: 0,
      otherFiles: 0,
      factBytes: 0,
      rollupBytes: 0,
    };
    const key = JSON.stringify([line.instance, line.dataset, line.week]);
    if (!lines.has(key)) lines.set(key, line);
    return lines.get(key)!;
  };
  const wanted = (each: { instance: string; dataset: string }): boolean =>
    (filter.instance === undefined || each.instance === filter.instance) &&
    (filter.dataset === undefined || each.dataset === filter.dataset);
  const bytesOf = (kind: TableSize['kind'], dataset: string, version: number): number =>
    tables
      .filter((table) => table.kind === kind && table.dataset === dataset && table.datasetVersion === version)
      .reduce((sum, table) => sum + Number(table.bytes), 0);

  for (const each of weeks.filter(wanted)) {
    const line = lineOf(each.instance, each.dataset, each.datasetVersion, each.week);
    line.rows += Number(each.rows);
    line.factBytes += each.share * bytesOf('facts', each.dataset, each.datasetVersion);
    line.rollupBytes += each.share * bytesOf('rollup', each.dataset, each.datasetVersion);
  }
  for (const each of files.filter(wanted)) {
    const line = lineOf(each.instance, each.dataset, each.datasetVersion, each.week);
    line[each.kind === 'served' ? 'servedFiles' : 'otherFiles'] += Number(each.bytes);
  }
  return { lines: [...lines.values()].sort(byPlace), tables, resultFilesTable: Number(total) };
}

function byPlace(left: StorageLine, right: StorageLine): number {
  const place = ({ instance, dataset, week }: StorageLine): string => JSON.stringify([instance, dataset, week]);
  return place(left) < place(right) ? -1 : 1;
}
