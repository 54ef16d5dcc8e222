import type { SandboxInstance } from '../account.ts';
import { ATTRIBUTED_BY_CONVERSION_TIME, ATTRIBUTED_BY_TRAFFIC_TIME, CONVERSIONS } from './attributed-events.ts';
import { DSP_CLICKS, DSP_IMPRESSIONS, DSP_VIEWS } from './dsp.ts';
import { SPONSORED_ADS_TRAFFIC } from './sponsored-ads-traffic.ts';
import type { AmcTable } from './table.ts';

export const AMC_TABLES: readonly AmcTable[] = [
  SPONSORED_ADS_TRAFFIC,
  DSP_IMPRESSIONS,
  DSP_CLICKS,
  DSP_VIEWS,
  ATTRIBUTED_BY_TRAFFIC_TIME,
  ATTRIBUTED_BY_CONVERSION_TIME,
  CONVERSIONS,
];

/** The tables an instance has, by name. Sponsored ads only means no dsp_* tables. */
export const tablesOf = (instance: Pick<SandboxInstance, 'advertiserTypes'>): ReadonlyMap<string, AmcTable> =>
  new Map(AMC_TABLES.filter((table) => !table.display || instance.advertiserTypes.includes('DISPLAY')).map((table) => [table.name, table]));
