import type { DashboardFilter } from '@amc-reports/collector-service/contract';

/** The filters that the shipped dashboards share, so that a link from one to another keeps what was chosen. */
export const instance: Extract<DashboardFilter, { kind: 'instance' }> = {
  kind: 'instance',
  name: 'instance',
  label: 'Instance',
  description: 'AMC instances to ask',
};

export const currency: DashboardFilter = {
  kind: 'currency',
  name: 'currency',
  label: 'Currency',
  description: 'One currency at a time: the advertisers that account in it, with everything they did',
};

export const advertiser: DashboardFilter = {
  kind: 'dimension',
  name: 'advertiser',
  dimension: 'advertiser',
  dataset: 'campaign_performance',
  within: ['currency'],
  label: 'Advertiser',
  description: 'Advertisers of the chosen instances',
};

export const adProduct: DashboardFilter = {
  kind: 'dimension',
  name: 'ad_product',
  dimension: 'ad_product',
  dataset: 'campaign_performance',
  label: 'Ad product',
  description: 'Sponsored ads types and Amazon DSP',
};

export const campaign: DashboardFilter = {
  kind: 'dimension',
  name: 'campaign',
  dimension: 'campaign',
  dataset: 'campaign_performance',
  within: ['currency', 'advertiser', 'ad_product'],
  label: 'Campaign',
  description: 'Campaigns of the chosen advertisers and ad products',
};
