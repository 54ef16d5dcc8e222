import type { Collection } from '@amc-reports/collector-service/contract';
import { countOf } from '../format/count';

/** Weeks that are not served and will not come by themselves: '3 weeks out of reach', '1 week set aside'. */
export function holesOf({ weeksOutOfReach, weeksSetAside }: Pick<Collection, 'weeksOutOfReach' | 'weeksSetAside'>): string[] {
  return [
    ...(weeksOutOfReach > 0 ? [`${countOf(weeksOutOfReach, 'week')} out of reach`] : []),
    ...(weeksSetAside > 0 ? [`${countOf(weeksSetAside, 'week')} set aside`] : []),
  ];
}
