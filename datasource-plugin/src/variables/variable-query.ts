import type { DataQuery } from '@grafana/schema';
import type { AmcFilter } from '../query';
import { words } from '../words';

export type VariableKind = 'instances' | 'values' | 'metrics' | 'datasets' | 'currencies';

export const variableKinds = (): Record<VariableKind, string> => ({
  instances: words('variable.instances', 'AMC instances'),
  values: words('variable.values', 'Values of a dimension'),
  metrics: words('variable.metrics', 'Metrics'),
  datasets: words('variable.datasets', 'Datasets'),
  currencies: words('variable.currencies', 'Currencies'),
});

/** What a dashboard saves for a query variable. */
export interface AmcVariableQuery extends DataQuery {
  version: number;
  kind: VariableKind;
  /** For values and metrics; every dataset when missing. */
  dataset?: string | undefined;
  /** For values. */
  dimension?: string | undefined;
  /** For values: only those that occur together with these, so that one variable narrows another. */
  filters?: AmcFilter[];
  /**
   * For values whose list comes cut: Grafana asks again while somebody types in the variable's box. Not for others, since Grafana then
   * offers only what was found until the dashboard is loaded again.
   */
  search?: typeof TYPED;
}

/** Grafana's word for what is typed; it looks for it in the saved query. */
export const TYPED = '$__searchFilter';

export const isVariableComplete = (query: AmcVariableQuery): boolean => query.kind !== 'values' || !!query.dimension;
