import type { Dataset } from '../src/data/catalogue/dataset.ts';
import { loadDatasets, loadRetired, SHIPPED_DATASETS } from '../src/data/catalogue/load.ts';

/**
 * The shipped datasets, campaign_performance in its first version: its rows are what the generated files and the figures of earlier
 * runs are made of, and one level is what a row costs.
 */
export async function benchDatasets(): Promise<Dataset[]> {
  const shipped = await loadDatasets([SHIPPED_DATASETS]);
  return [...(await loadRetired()), ...shipped.filter(({ dataset }) => dataset !== 'campaign_performance')];
}
