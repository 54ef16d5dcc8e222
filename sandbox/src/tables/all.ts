import type { SandboxInstance } from '../account.ts';
import { ADSERVER_CONVERSIONS, ADSERVER_CONVERSIONS_WITH_BRAND } from './ad-server/conversions.ts';
import { ADSERVER_BY_USER_SEGMENTS, ADSERVER_TRAFFIC } from './ad-server/traffic.ts';
import { ATTRIBUTED_BY_CONVERSION_TIME, ATTRIBUTED_BY_TRAFFIC_TIME } from './attributed/tables.ts';
import { CONVERSIONS, CONVERSIONS_WITH_RELEVANCE } from './conversions/tables.ts';
import { DSP_BY_MATCHED_SEGMENTS, DSP_BY_USER_SEGMENTS, DSP_CLICKS, DSP_IMPRESSIONS, DSP_VIDEO_EVENTS } from './dsp/tables.ts';
import { DSP_VIEWS } from './dsp/views.ts';
import { SPONSORED_ADS_TRAFFIC } from './sponsored/traffic.ts';
import type { AmcTable } from './table.ts';

/** Every table that Amazon documents and gives away; those of paid features are not there. */
export const AMC_TABLES: readonly AmcTable[] = [
  SPONSORED_ADS_TRAFFIC,
  DSP_IMPRESSIONS,
  DSP_CLICKS,
  DSP_VIEWS,
  DSP_VIDEO_EVENTS,
  DSP_BY_USER_SEGMENTS,
  DSP_BY_MATCHED_SEGMENTS,
  ATTRIBUTED_BY_TRAFFIC_TIME,
  ATTRIBUTED_BY_CONVERSION_TIME,
  CONVERSIONS,
  CONVERSIONS_WITH_RELEVANCE,
  ADSERVER_TRAFFIC,
  ADSERVER_BY_USER_SEGMENTS,
  ADSERVER_CONVERSIONS,
  ADSERVER_CONVERSIONS_WITH_BRAND,
];

/** The tables an instance has, by name. Sponsored ads only means no dsp_* tables and no ad server. */
export const tablesOf = (instance: Pick<SandboxInstance, 'advertiserTypes'>): ReadonlyMap<string, AmcTable> =>
  new Map(AMC_TABLES.filter((table) => !table.display || instance.advertiserTypes.includes('DISPLAY')).map((table) => [table.name, table]));
