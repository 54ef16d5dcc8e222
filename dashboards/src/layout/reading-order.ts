import type { Place } from '@amc-reports/collector-service/contract';

/** Indexes of the places in the order in which they are read: by row, then from the left. It is the order of a single column too. */
export const readingOrder = (places: readonly Place[]): number[] =>
  places
    .map((place, index) => ({ place, index }))
    .sort((a, b) => a.place.y - b.place.y || a.place.x - b.place.x || a.index - b.index)
    .map(({ index }) => index);
