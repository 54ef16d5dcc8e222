import { GRID_COLUMNS } from './grid.ts';
import type { Place } from '@amc-reports/collector-service/contract';
import { readingOrder } from './reading-order.ts';

/** One below the other, each as wide as the screen, as high as it was: what a phone shows, and Grafana below 768 px. */
export function singleColumn(places: readonly Place[]): Place[] {
  const column = new Map<number, Place>();
  let y = 0;
  for (const index of readingOrder(places)) {
    const { h } = places[index] as Place;
    column.set(index, { x: 0, y, w: GRID_COLUMNS, h });
    y += h;
  }
  return places.map((_, index) => column.get(index) as Place);
}
