const NAME = '^[a-z][a-z0-9_]{0,40}$';
/** In a dashboard a variable may stand where a name does. */
const NAME_OR_VARIABLE = '^([a-z][a-z0-9_]{0,40}|\\$\\w+|\\$\\{[^}]+\\}|\\[\\[[^\\]]+\\]\\])$';

/** What the front end keeps in a query beside the contract's fields (query.ts). Grafana's own are not written by hand. */
const INSTANCES = {
  type: 'array',
  items: { type: 'string' },
  description: 'AMC instance ids or dashboard variables; every instance that the token may see when left out',
};
const FIXED = {
  type: 'array',
  items: { type: 'string' },
  description: 'Those of the values that read like a dashboard variable and are names',
};

interface Contract {
  $defs: { MetricQuery: { properties: Record<string, unknown>; required?: string[] }; Filter: { properties: Record<string, unknown> } };
}

/** The JSON schema of a query as dashboards save it, from the contract's of a metric query. scripts/build-schemas.mjs writes it. */
export function querySchema(contract: unknown): object {
  const text = JSON.stringify(contract);
  const schema = JSON.parse(text, (key, value) => (key === 'pattern' && value === NAME ? NAME_OR_VARIABLE : value)) as Contract;
  const { MetricQuery, Filter } = schema.$defs;
  const { refId: _, ...fields } = MetricQuery.properties;
  MetricQuery.properties = { ...fields, instances: INSTANCES };
  // Everything has a default: a saved query need not say it.
  delete MetricQuery.required;
  Filter.properties['fixed'] = FIXED;
  return { title: 'Query of the Amazon Marketing Cloud data source', ...schema };
}
