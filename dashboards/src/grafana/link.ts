import type { DashboardFilter, WidgetLink } from '@amc-reports/collector-service/contract';

/**
 * Where a link of a widget leads, with the time range and what is chosen in the filters. The filter that the link sets comes from the
 * clicked row and replaces what is chosen.
 */
export function addressOf({ dashboard, set }: WidgetLink, filters: readonly DashboardFilter[]): string {
  const kept = filters.filter(({ name }) => name !== set?.filter).map(({ name }) => `\${${name}:queryparam}`);
  const chosen = set ? [`var-${set.filter}=\${__data.fields[${JSON.stringify(set.field)}]:percentencode}`] : [];
  return `/d/${dashboard}?${['${__url_time_range}', ...kept, ...chosen].join('&')}`;
}
