import type { Monaco } from '@grafana/ui';
import type { Catalogue, Dataset } from '../catalogue';
import { dimensionsOf } from '../catalogue';
import schema from '../schemas/query.json';

interface Diagnostics {
  schemas?: Array<{ uri: string; fileMatch?: string[]; schema?: unknown }>;
}
/** The part of Monaco's JSON language that is used here; Grafana's types of Monaco leave languages out. */
interface JsonLanguage {
  jsonDefaults: { diagnosticsOptions: Diagnostics; setDiagnosticsOptions: (options: Diagnostics) => void };
}

const uriOf = (model: string) => `amc-query-schema:${model}`;

/** Completes and validates one text by the schema of a query. Monaco has one list of schemas for the page: those of others stay. */
export function teachSchema(monaco: Monaco, model: string, catalogue: Catalogue, dataset: Dataset | undefined): void {
  setSchemas(monaco, model, [{ uri: uriOf(model), fileMatch: [model], schema: schemaFor(catalogue, dataset) }]);
}

export const forgetSchema = (monaco: Monaco, model: string): void => setSchemas(monaco, model, []);

function setSchemas(monaco: Monaco, model: string, own: NonNullable<Diagnostics['schemas']>): void {
  const { json } = monaco.languages as unknown as { json?: JsonLanguage };
  if (!json) {
    return;
  }
  const { diagnosticsOptions } = json.jsonDefaults;
  const others = (diagnosticsOptions.schemas ?? []).filter(({ uri }) => uri !== uriOf(model));
  json.jsonDefaults.setDiagnosticsOptions({ ...diagnosticsOptions, ...{ validate: true }, schemas: [...others, ...own] });
}

/** The query's schema with the names that the catalogue has, so that they are completed. Others stay allowed: variables, new metrics. */
export function schemaFor(catalogue: Catalogue, dataset: Dataset | undefined): object {
  const datasets = dataset ? [dataset] : catalogue.datasets;
  const fields = schema.$defs.MetricQuery.properties;
  const offering = (field: object, names: string[]) => ({ ...field, anyOf: [{ enum: [...new Set(names)] }, {}] });
  const each = (field: { items: object }, names: string[]) => ({ ...field, items: offering(field.items, names) });
  // Monaco knows drafts up to 7, and warns of a newer one by its name. What is used here is the same in both.
  const { $schema: _, ...known } = schema;
  return {
    ...known,
    $defs: {
      ...schema.$defs,
      MetricQuery: {
        ...schema.$defs.MetricQuery,
        properties: {
          ...fields,
          dataset: offering(
            fields.dataset,
            catalogue.datasets.map(({ name }) => name),
          ),
          metrics: each(
            fields.metrics,
            datasets.flatMap(({ metrics }) => metrics.map(({ name }) => name)),
          ),
          dimensions: each(
            fields.dimensions,
            datasets.flatMap((known) => dimensionsOf(known).map(({ name }) => name)),
          ),
          instances: each(
            fields.instances,
            catalogue.instances.map(({ instance }) => instance),
          ),
        },
      },
    },
  };
}
