import type { DashboardFilter } from '@amc-reports/collector-service/contract';
import { DATASOURCE } from './target.ts';

/** What a variable asks the data source for; the form belongs to the data source's variable editor. */
interface VariableQuery {
  refId: string;
  version: 2;
  kind: 'instances' | 'currencies' | 'values';
  dataset?: string;
  dimension?: string;
  filters?: { dimension: string; operator: 'in'; values: string[] }[];
}

type FilterOf<K extends DashboardFilter['kind']> = Extract<DashboardFilter, { kind: K }>;

/** A filter of a dashboard as a variable of Grafana. */
export function toVariable(filter: DashboardFilter, filters: readonly DashboardFilter[]) {
  if (filter.kind === 'choice') return custom(filter);
  if (filter.kind === 'instance') return asked(filter, { refId: 'instances', version: 2, kind: 'instances' }, filter.single ?? false);
  if (filter.kind === 'currency') return asked(filter, { refId: 'currencies', version: 2, kind: 'currencies' }, true);
  const { dataset, dimension, single = false } = filter;
  const narrowing = narrowedBy(filter, filters);
  return asked(
    filter,
    { refId: 'values', version: 2, kind: 'values', dataset, dimension, ...(narrowing.length > 0 && { filters: narrowing }) },
    single,
  );
}

const narrowedBy = ({ within = [] }: FilterOf<'dimension'>, filters: readonly DashboardFilter[]) =>
  filters.flatMap((other) => {
    if (!within.includes(other.name) || other.kind === 'choice' || other.kind === 'instance') return [];
    return [{ dimension: other.kind === 'currency' ? 'currency' : other.dimension, operator: 'in' as const, values: [`$${other.name}`] }];
  });

const shared = ({ name, label, description }: DashboardFilter) => ({ name, label, description, hide: 0, skipUrlSync: false });

/** Several values with All, which becomes an empty list and filters nothing; a single one begins at the first of the list. */
const asked = (filter: DashboardFilter, query: VariableQuery, single: boolean) => ({
  type: 'query',
  ...shared(filter),
  datasource: DATASOURCE,
  query,
  definition: filter.label,
  refresh: 1,
  // As the data source orders them: names by alphabet, currencies by how much of the data they hold.
  sort: 0,
  multi: !single,
  includeAll: !single,
  current: single ? {} : { selected: true, text: ['All'], value: ['$__all'] },
  options: [],
  regex: '',
});

const custom = (filter: FilterOf<'choice'>) => {
  const options = filter.options.map(({ title, value }, index) => ({ selected: index === 0, text: title, value }));
  return {
    type: 'custom',
    ...shared(filter),
    query: filter.options.map(({ title, value }) => `${title} : ${value}`).join(', '),
    multi: false,
    includeAll: false,
    current: options[0],
    options,
  };
};
