import type { AdHocVariableFilter } from '@grafana/data';
import { marked } from './looks-like-variable';
import type { AmcFilter } from './query';
import { words } from './words';

/** Grafana's operators of ad hoc filters as the collector's. The collector knows no regular expressions and no order. */
const OPERATORS: Readonly<Record<string, AmcFilter['operator']>> = { '=': '=', '!=': '!=', '=|': 'in', '!=|': 'not in' };
const PLAIN_TEXT = /^[^\\^$.*+?()[\]{}|]+$/;

/** @throws Error for an operator that has no counterpart, with what to use instead; Grafana shows it on the panel. */
export function toFilter(filter: AdHocVariableFilter): AmcFilter {
  const values = filter.values?.length ? filter.values : [filter.value];
  const operator = OPERATORS[filter.operator];
  if (operator) {
    return { dimension: filter.key, operator, values, ...marked(values, () => true) };
  }
  if (filter.operator === '=~' && PLAIN_TEXT.test(filter.value)) {
    return { dimension: filter.key, operator: 'contains', values: [filter.value] };
  }
  throw new Error(
    words('adhoc.operator', 'The filter {{filter}} cannot be used: choose =, !=, "one of" or "not one of", or =~ with plain text.', {
      filter: `${filter.key} ${filter.operator} ${filter.value}`,
    }),
  );
}
