import type { AdHocVariableFilter, ScopedVars } from '@grafana/data';
import type { TemplateSrv } from '@grafana/runtime';
import { toFilter } from './adhoc';
import { marked, WHOLE_VARIABLE } from './looks-like-variable';
import type { AmcFilter, AmcQuery } from './query';

/** What Grafana shows for All in every language. */
const ALL = 'All';

/** Fills in dashboard variables and ad hoc filters. What comes out holds no variables and is sent as it is. */
export function interpolate(
  query: AmcQuery,
  templates: TemplateSrv,
  scopedVars: ScopedVars,
  adhoc: readonly AdHocVariableFilter[] = [],
): AmcQuery {
  const one = (text: string) => templates.replace(text, scopedVars);
  const many = (texts: readonly string[]) => [...new Set(texts.flatMap((text) => valuesOf(text, templates, scopedVars) ?? []))];
  const { dataset, metrics, dimensions, instances, filters, orderBy, legend, compareTo } = query;
  const chosenFilters = (filters ?? []).flatMap((filter) =>
    fillFilter({ ...filter, operator: filter.operator ?? '=' }, templates, scopedVars),
  );
  return {
    ...query,
    ...(dataset !== undefined && { dataset: one(dataset) }),
    ...(metrics && { metrics: many(metrics) }),
    ...(dimensions && { dimensions: many(dimensions) }),
    ...(instances && { instances: includesAll(instances, templates, scopedVars) ? [] : many(instances) }),
    ...(orderBy && { orderBy: { ...orderBy, by: one(orderBy.by) } }),
    ...(legend !== undefined && { legend: one(legend) }),
    ...(compareTo && { compareTo: { from: one(compareTo.from), to: one(compareTo.to) } }),
    filters: [...chosenFilters, ...adhoc.filter(({ value, values }) => value !== '' || (values?.length ?? 0) > 0).map(toFilter)],
    interpolated: true,
  };
}

/**
 * One filter with its values. All means no filter, and so does nothing chosen; several values turn "is" into "is one of".
 * Values are data, not text of a language: quotes, commas and backslashes need no escaping.
 */
function fillFilter(filter: AmcFilter, templates: TemplateSrv, scopedVars: ScopedVars): AmcFilter[] {
  const values = new Set<string>();
  const names = new Set(filter.fixed);
  for (const text of filter.values) {
    const found = filter.fixed?.includes(text) ? [text] : valuesOf(text, templates, scopedVars);
    if (found === null) {
      return [];
    }
    found.forEach((value) => values.add(value));
    // What a variable stands for is a name, whatever it reads like. A text that stayed as it was may be a variable that does not exist.
    found.filter((value) => value !== text).forEach((value) => names.add(value));
  }
  if (values.size === 0) {
    return [];
  }
  return [
    {
      dimension: templates.replace(filter.dimension, scopedVars),
      operator: operatorFor(filter.operator, values.size),
      values: [...values],
      ...marked([...values], (value) => names.has(value)),
    },
  ];
}

function operatorFor(operator: AmcFilter['operator'], values: number): AmcFilter['operator'] {
  if (values > 1 && operator === '=') {
    return 'in';
  }
  return values > 1 && operator === '!=' ? 'not in' : operator;
}

const includesAll = (texts: readonly string[], templates: TemplateSrv, scopedVars: ScopedVars) =>
  texts.some((text) => valuesOf(text, templates, scopedVars) === null);

/** The values a text stands for; null for All. A variable that does not exist stays as it is, and the backend says so. */
function valuesOf(text: string, templates: TemplateSrv, scopedVars: ScopedVars): string[] | null {
  const match = WHOLE_VARIABLE.exec(text);
  const name = match?.[1] ?? match?.[2] ?? match?.[3];
  if (name === undefined) {
    return [templates.replace(text, scopedVars)];
  }
  let values: unknown[] | undefined;
  const replaced = templates.replace(`\${${name}}`, scopedVars, (value: unknown) => {
    values = Array.isArray(value) ? value : [value];
    return '';
  });
  // Asked by its text, since a repeated panel has a value of its own while the dashboard's variable is still at All.
  const isAll =
    !name.includes('.') && templates.replace(`\${${name}:text}`, scopedVars) === ALL && !(values?.length === 1 && values[0] === ALL);
  if (isAll) {
    return null;
  }
  if (values === undefined) {
    // Not called back: the variable is unknown, or has a custom All value, which arrives as text.
    return [replaced === `\${${name}}` ? text : replaced];
  }
  return values.map(String).filter((value) => value !== '');
}
