import type { Collection } from '@amc-reports/collector-service/contract';
import { statusOf, type CollectionStatus } from '../../wording/collection-status';

export interface CollectionFilter {
  readonly search: string;
  /** Undefined for all. */
  readonly state: CollectionStatus | undefined;
}

/** Every word of the search is somewhere in the collection's name, instance or dataset, in any case. */
export function matches(collection: Collection, filter: CollectionFilter): boolean {
  const { name, instance, instanceName, dataset, datasetTitle } = collection;
  if (filter.state && filter.state !== statusOf(collection)) return false;
  const text = [name, instance, instanceName, dataset, datasetTitle].join('\n').toLocaleLowerCase();
  return filter.search
    .toLocaleLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
