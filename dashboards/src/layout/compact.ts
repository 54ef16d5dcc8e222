import type { Place } from '@amc-reports/collector-service/contract';
import { overlap } from './overlaps.ts';
import { readingOrder } from './reading-order.ts';

/**
 * Moves every place up as far as it goes and parts those that overlap: who is higher, then further left, then earlier in the list, stays.
 * The same places give the same answer, wherever and however often it is asked: whoever shows a dashboard sees the same one.
 */
export function compact(places: readonly Place[]): Place[] {
  const settled: Place[] = [];
  const moved = new Map<number, Place>();
  for (const index of readingOrder(places)) {
    const place = rise({ ...(places[index] as Place) }, settled);
    settled.push(place);
    moved.set(index, place);
  }
  return places.map((_, index) => moved.get(index) as Place);
}

function rise(place: Place, settled: readonly Place[]): Place {
  const isFree = (y: number) => !settled.some((other) => overlap({ ...place, y }, other));
  let y = place.y;
  while (!isFree(y)) y += 1;
  while (y > 0 && isFree(y - 1)) y -= 1;
  return { ...place, y };
}
