import { CONVERSION_KIND_VALUES, CONVERSION_VALUES, prefixed } from '../conversions/event.ts';
import { CONVERSION_FROM, instanceHas } from '../conversions/tables.ts';
import { documentedColumns } from '../documented.ts';
import { MARKETPLACE } from '../event-values/campaign.ts';
import { timeValues } from '../event-values/time.ts';
import type { AmcTable, Values } from '../table.ts';
import { CONVERSION_VISIBLE } from '../visibility.ts';
import { ATTRIBUTED_METRICS } from './metrics.ts';
import { TRAFFIC_VALUES } from './traffic.ts';

const VALUES: Values = {
  ...TRAFFIC_VALUES,
  ...CONVERSION_VALUES,
  ...prefixed('conversion_event_', CONVERSION_KIND_VALUES),
  ...timeValues('conversion_event', 't.converted_at'),
  conversion_event_marketplace_name: MARKETPLACE,
  ...ATTRIBUTED_METRICS,
};

const shared = { display: false, from: CONVERSION_FROM, visible: CONVERSION_VISIBLE, where: instanceHas('c') } as const;

export const ATTRIBUTED_BY_TRAFFIC_TIME: AmcTable = {
  ...shared,
  name: 'amazon_attributed_events_by_traffic_time',
  description: 'Conversions attributed to traffic inside the time window, up to 30 days after it',
  time: 't.traffic_hour',
  columns: documentedColumns('amazon_attributed_events_by_traffic_time', VALUES),
};

export const ATTRIBUTED_BY_CONVERSION_TIME: AmcTable = {
  ...shared,
  name: 'amazon_attributed_events_by_conversion_time',
  description: 'Conversions inside the time window, with the traffic that earned them up to 14 days before',
  time: 't.converted_at',
  columns: documentedColumns('amazon_attributed_events_by_conversion_time', VALUES),
};
