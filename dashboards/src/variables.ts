import { DATASOURCE } from './target.ts';

/** What a variable asks the data source for; the form belongs to the data source's variable editor. */
export interface VariableQuery {
  refId: string;
  version: 2;
  kind: 'instances' | 'currencies' | 'values';
  dataset?: string;
  dimension?: string;
  filters?: { dimension: string; operator: 'in'; values: string[] }[];
}

interface VariableOptions {
  label: string;
  description: string;
  /** One value instead of many, the first one chosen. */
  single?: boolean;
}

/** A query variable. Multi-value with All unless single; All becomes an empty list, which filters nothing. */
export const variable = (name: string, query: VariableQuery, { label, description, single = false }: VariableOptions) => ({
  type: 'query',
  name,
  label,
  description,
  datasource: DATASOURCE,
  query,
  definition: label,
  refresh: 1,
  // As the data source orders them: names by alphabet, currencies by how much of the data they hold.
  sort: 0,
  multi: !single,
  includeAll: !single,
  current: single ? {} : { selected: true, text: ['All'], value: ['$__all'] },
  hide: 0,
  options: [],
  regex: '',
  skipUrlSync: false,
});
