import type { Collection } from '@amc-reports/collector-service/contract';

export interface CollectionFilter {
  readonly search: string;
  /** Undefined for all. */
  readonly state: Collection['state'] | undefined;
}

/** Every word of the search is somewhere in the collection's name, instance or dataset, in any case. */
export function matches({ name, instance, instanceName, dataset, datasetTitle, state }: Collection, filter: CollectionFilter): boolean {
  if (filter.state && filter.state !== state) return false;
  const text = [name, instance, instanceName, dataset, datasetTitle].join('\n').toLocaleLowerCase();
  return filter.search
    .toLocaleLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
