import type { DashboardFilter, WidgetLink } from '@amc-reports/collector-service/contract';

/**
 * Where a link of a widget leads, with the time range and what is chosen in the filters. The filter that the link sets replaces what is
 * chosen by the clicked cell, since the link stands on that column; other columns (`__data.fields`) come out empty in a table of Grafana
 * 12.3.
 */
export function addressOf({ dashboard, set }: WidgetLink, filters: readonly DashboardFilter[]): string {
  const kept = filters.filter(({ name }) => name !== set?.filter).map(({ name }) => `\${${name}:queryparam}`);
  const chosen = set ? [`var-${set.filter}=\${__value.raw:percentencode}`] : [];
  return `/d/${dashboard}?${['${__url_time_range}', ...kept, ...chosen].join('&')}`;
}
