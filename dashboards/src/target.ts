import type { MetricQueryInput } from '@amc-reports/collector-service/contract';

/** The data source every shipped dashboard asks; provisioning gives it this fixed UID. */
export const DATASOURCE = { type: 'amcreports-amc-datasource', uid: 'amc-reports' } as const;

/** A saved query: the collector's metric query, the instances asked and the version of the form. */
export type Target = MetricQueryInput & { refId: string; version: 2; instances: string[]; datasource: typeof DATASOURCE };

/** Filters by the dashboard's variables; a variable at All filters nothing. */
const byVariables: NonNullable<MetricQueryInput['filters']> = [
  { dimension: 'currency', operator: 'in', values: ['$currency'] },
  { dimension: 'advertiser', operator: 'in', values: ['$advertiser'] },
  { dimension: 'ad_product', operator: 'in', values: ['$ad_product'] },
  { dimension: 'campaign', operator: 'in', values: ['$campaign'] },
];

/** A query of campaign performance under the dashboard's variables. */
export const campaignPerformance = (refId: string, query: Omit<MetricQueryInput, 'refId'>): Target => ({
  refId,
  version: 2,
  datasource: DATASOURCE,
  instances: ['$instance'],
  dataset: 'campaign_performance',
  filters: byVariables,
  ...query,
});

/** The state of every week of campaign performance, whatever the filters. */
export const freshness = (refId: string): Target => ({
  refId,
  version: 2,
  datasource: DATASOURCE,
  instances: ['$instance'],
  queryType: 'freshness',
  dataset: 'campaign_performance',
  format: 'table',
});
