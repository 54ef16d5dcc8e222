import type { Collection } from '@amc-reports/collector-service/contract';
import { countWindows } from './windows';

/** What dashboards do not have and will not get by itself: '3 weeks out of reach', '1 week set aside'. */
export function holesOf({
  window,
  weeksOutOfReach,
  weeksSetAside,
}: Pick<Collection, 'window' | 'weeksOutOfReach' | 'weeksSetAside'>): string[] {
  return [
    ...(weeksOutOfReach > 0 ? [`${countWindows(weeksOutOfReach, window)} out of reach`] : []),
    ...(weeksSetAside > 0 ? [`${countWindows(weeksSetAside, window)} set aside`] : []),
  ];
}
