import type { Filter } from '../../../contract/query.ts';
import type { Question } from '../ask/question.ts';
import { namesSource } from '../plan/names.ts';
import { filterCondition, instanceCondition, levelConditions } from './conditions.ts';
import type { Parameters } from './parameters.ts';

/**
 * A filter on a dimension. Members that have names in each week (a campaign is its id) are found by the id and by every name they ever
 * had, so that a renamed campaign stays found.
 */
export function dimensionCondition(
  { dataset, instances }: Pick<Question, 'dataset' | 'instances'>,
  filter: Filter,
  parameters: Parameters,
): string {
  const dimension = dataset.dimensions.find(({ name }) => name === filter.dimension);
  if (dimension?.member === undefined || dimension.named_by === undefined) return filterCondition(parameters, filter, dimension);
  const { member, named_by: name } = dimension;
  const source = namesSource(dataset, dimension);
  const positive: Filter = { ...filter, operator: filter.operator === 'contains' ? 'contains' : 'in' };
  const where = [
    instanceCondition(
      parameters,
      instances.map(({ id }) => id),
    ),
    ...levelConditions(parameters, source),
    filterCondition(parameters, positive, dimension, `"${name}"`),
  ];
  const named = `"${member}" IN (SELECT "${member}" FROM ${source.table} WHERE ${where.join(' AND ')})`;
  const found = `(${filterCondition(parameters, positive, dimension, `"${member}"`)} OR ${named})`;
  return filter.operator === '!=' || filter.operator === 'not in' ? `NOT ${found}` : found;
}
