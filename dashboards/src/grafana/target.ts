import type { DashboardFilter, MetricQueryInput, Widget, WidgetQuery } from '@amc-reports/collector-service/contract';

/** The data source every shipped dashboard asks; provisioning gives it this fixed UID. */
export const DATASOURCE = { type: 'amcreports-amc-datasource', uid: 'amc-reports' } as const;

/** A saved query of the data source: the collector's metric query, the instances asked and the version of the form. */
export type Target = WidgetQuery & { refId: string; version: 2; instances: string[]; datasource: typeof DATASOURCE };

/** Which dimensions a dataset has; `currency` and `instance` belong to all of them. */
export type DimensionsOf = (dataset: string) => readonly string[];

/**
 * A widget's query as the data source takes it. Filters that hold become variables: an All, or nothing chosen, filters nothing. A filter
 * whose dimension the dataset lacks cannot hold and is left out.
 */
export function toTarget(
  query: WidgetQuery,
  refId: string,
  widget: Pick<Widget, 'filters'>,
  filters: readonly DashboardFilter[],
  dimensionsOf: DimensionsOf,
): Target {
  const known = new Set(['currency', ...dimensionsOf(query.dataset ?? '')]);
  const chosen: NonNullable<MetricQueryInput['filters']> = filters.flatMap((filter) => {
    const dimension = filter.kind === 'currency' ? 'currency' : filter.kind === 'dimension' ? filter.dimension : undefined;
    return dimension !== undefined && known.has(dimension) ? [{ dimension, operator: 'in' as const, values: [`$${filter.name}`] }] : [];
  });
  const hasInstances = filters.some(({ kind }) => kind === 'instance') && widget.filters !== 'none';
  const all = [...(query.filters ?? []), ...((widget.filters ?? 'all') === 'all' ? chosen : [])];
  return {
    ...query,
    refId,
    version: 2,
    datasource: DATASOURCE,
    instances: hasInstances ? ['$instance'] : [],
    ...(takesFilters(query) && all.length > 0 && { filters: all }),
  };
}

/** The state of weeks and of collections belongs to a dataset, whatever is asked of it. */
const takesFilters = ({ queryType = 'metrics' }: WidgetQuery) => queryType === 'metrics' || queryType === 'week_growth';
