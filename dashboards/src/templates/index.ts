import type { Dashboard } from '@amc-reports/collector-service/contract';
import { attribution } from './attribution.ts';
import { audience } from './audience.ts';
import { campaignDetail } from './campaign.ts';
import { campaignComparison } from './campaigns.ts';
import { collectorHealth } from './collector-health.ts';
import { overview } from './overview.ts';
import { performance } from './performance.ts';

/** The shipped dashboards by the name of their file. */
export const templates: Readonly<Record<string, Dashboard>> = {
  performance,
  attribution,
  audience,
  'campaign-comparison': campaignComparison,
  'campaign-detail': campaignDetail,
  overview,
  'collector-health': collectorHealth,
};
