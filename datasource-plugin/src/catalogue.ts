import type { Catalogue } from '@amc-reports/collector-service/contract';

export type Dataset = Catalogue['datasets'][number];
export type Metric = Dataset['metrics'][number];
export type Dimension = Dataset['dimensions'][number];
export type { Catalogue };

/** Dimensions that every dataset has, whatever its file says. */
export const EVERYWHERE: readonly Dimension[] = [
  { name: 'instance', title: 'Instance', description: 'The AMC instance' },
  { name: 'currency', title: 'Currency', description: 'The currency of the money; sums never mix currencies' },
];

/** The dataset a query is about: the one it names, else the only one that has all its metrics. Other windows of a dataset are asked by name. */
export function datasetOf(
  catalogue: Catalogue,
  query: { dataset?: string | undefined; metrics?: readonly string[] | undefined },
): Dataset | undefined {
  const having = candidatesFor(catalogue, query);
  return having.length === 1 ? having[0] : undefined;
}

/** The datasets that could answer: the one that is named, else all that have the metrics. */
export function candidatesFor(
  catalogue: Catalogue,
  { dataset: name, metrics = [] }: { dataset?: string | undefined; metrics?: readonly string[] | undefined },
): Dataset[] {
  return name
    ? catalogue.datasets.filter((dataset) => dataset.name === name)
    : catalogue.datasets.filter(
        (dataset) => dataset.windowOf === undefined && metrics.every((asked) => dataset.metrics.some((metric) => metric.name === asked)),
      );
}

/** What a dataset can be grouped or filtered by. */
export function dimensionsOf(dataset: Dataset): Dimension[] {
  const own = new Set(dataset.dimensions.map((dimension) => dimension.name));
  return [...dataset.dimensions, ...EVERYWHERE.filter((dimension) => !own.has(dimension.name))];
}
