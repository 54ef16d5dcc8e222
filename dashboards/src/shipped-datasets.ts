import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

interface Named {
  name: string;
  title: string;
}
export interface ShippedDataset {
  dataset: string;
  dimensions: Named[];
  metrics: (Named & { kind: 'additive' | 'ratio' | 'distinct' })[];
}

const folder = join(import.meta.dirname, '../../collector-service/src/data/catalogue/datasets');

/** The datasets that come with the collector, by name: what the shipped dashboards are made and tested against. */
export const shippedDatasets: ReadonlyMap<string, ShippedDataset> = new Map(
  readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => parse(readFileSync(join(folder, file), 'utf8')) as ShippedDataset)
    .map((dataset) => [dataset.dataset, dataset]),
);

export const dimensionsOf = (dataset: string): readonly string[] => shippedDatasets.get(dataset)?.dimensions.map(({ name }) => name) ?? [];
