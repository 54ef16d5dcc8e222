import type { Dataset } from '../src/data/catalogue/dataset.ts';
import type { EmbeddedPostgres } from '../src/data/store/embedded.ts';
import type { Store } from '../src/data/store/store.ts';
import type { Line } from './table.ts';

/** What the parts of the benchmark share: one PostgreSQL server and a folder, both gone at the end. */
export interface Bench {
  postgres: EmbeddedPostgres;
  datasets: readonly Dataset[];
  /** campaign_performance, which the generated files belong to. */
  dataset: Dataset;
  /** For files. */
  directory: string;
  weeks: number;
  rowsPerWeek: number;
  /** Fact rows that the questions are asked over. */
  queryRows: number;
  /** A migrated database of its own. The caller closes the store; the server's end removes the data. */
  openDatabase(name: string): Promise<BenchDatabase>;
  log(line: string): void;
}

export interface BenchDatabase {
  store: Store;
  url: string;
}

export interface PartResult {
  lines: Line[];
  /** For --json, under the part's name. */
  figures: object;
}
