import type { Catalogue } from '../../../data/catalogue/catalogue.ts';
import type { Dataset } from '../../../data/catalogue/dataset.ts';
import type { MetricQuery } from '../../../contract/query.ts';

/** The datasets that a query about weeks is about: the one it names, or the newest version of all. */
export function datasetsAsked(catalogue: Catalogue, query: MetricQuery): Dataset[] {
  if (query.dataset !== undefined) return [catalogue.findDataset(query.dataset, query.datasetVersion)];
  return [...new Set(catalogue.datasets.map(({ dataset }) => dataset))].map((name) => catalogue.findDataset(name));
}
