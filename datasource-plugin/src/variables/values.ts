import type { DimensionValues } from '@amc-reports/collector-service/contract';
import type { ScopedVars } from '@grafana/data';
import type { AmcDatasource } from '../datasource';
import type { AmcVariableQuery } from './variable-query';

/** The collector's own limit of one list. */
export const MOST_VALUES = 1000;

/** The values a variable lists, by name; the first thousand of them, of those that hold what somebody types in the variable's box. */
export function valuesOf(datasource: AmcDatasource, query: AmcVariableQuery, scopedVars: ScopedVars): Promise<DimensionValues> {
  // A list may be named by a variable itself: the values narrowed by $advertiser.
  const { dataset, filters = [] } = datasource.fill(
    { refId: query.refId, ...(query.dataset && { dataset: query.dataset }), filters: query.filters ?? [] },
    scopedVars,
  );
  const typed = query.search && (scopedVars.__searchFilter?.value as string | undefined);
  return datasource.dimensionValues(query.dimension ?? '', { dataset, filters, limit: MOST_VALUES, ...(typed && { search: typed }) });
}
