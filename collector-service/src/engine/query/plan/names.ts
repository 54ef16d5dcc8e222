import type { Dataset, Dimension } from '../../../data/catalogue/dataset.ts';
import { sourceFor, type Source } from './source.ts';

/** Where members and their names stand together, by week: what a dimension with `named_by` is named from. */
export function namesSource(dataset: Dataset, { name, member, named_by: namedBy }: Dimension): Source {
  const source = sourceFor(dataset, 'week', new Set([member ?? name, namedBy ?? name]));
  if (source === undefined)
    throw new Error(`Dataset ${dataset.dataset}: no level has ${member} and ${namedBy} by week; the loader checks it`);
  return source;
}

/** The column whose values are a dimension's members. */
export const memberOf = (dataset: Dataset, name: string): string => dataset.dimensions.find((each) => each.name === name)?.member ?? name;

/** Columns that a dimension of a dataset is answered from: its members, and for filters their names. */
export function columnsOf(dataset: Dataset, name: string): string[] {
  const dimension = dataset.dimensions.find((each) => each.name === name);
  return dimension?.member === undefined || dimension.named_by === undefined ? [name] : [dimension.member, dimension.named_by];
}
