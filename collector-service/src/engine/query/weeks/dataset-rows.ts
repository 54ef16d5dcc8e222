import type { Dataset } from '../../../data/catalogue/dataset.ts';
import type { Range } from '../plan/local-days.ts';
import type { Rows } from '../ask/cache.ts';
import type { Reader } from '../ask/reader.ts';
import type { ScopedInstance } from '../ask/scope.ts';

/** Instants that JavaScript and PostgreSQL can both hold. */
const LATEST_MS = 253_402_300_799_000;
const clamp = (ms: number): number => Math.min(LATEST_MS, Math.max(0, ms));

/**
 * Rows of a statement over datasets and a range, not cached. The statement takes: instance ids, names and versions of the
 * datasets, from and to in ms, and how many rows; one more than shown, so that a cut can be said.
 */
export const readDatasetRows = (
  reader: Reader,
  statement: string,
  over: { instances: readonly ScopedInstance[]; datasets: readonly Dataset[]; range: Range; rows: number },
): Promise<Rows> =>
  reader.readFresh({
    text: statement,
    values: [
      over.instances.map(({ id }) => id),
      over.datasets.map(({ dataset }) => dataset),
      over.datasets.map(({ version }) => version),
      clamp(over.range.from),
      clamp(over.range.to),
      over.rows,
    ],
  });
