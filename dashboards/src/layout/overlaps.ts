import type { Place } from '@amc-reports/collector-service/contract';

/** Whether two places share a cell of the grid. */
export const overlap = (a: Place, b: Place): boolean => a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;

/** Pairs of places, by their index, that share a cell. Valid while people move things at the same time; compact() parts them. */
export const overlaps = (places: readonly Place[]): [number, number][] =>
  places.flatMap((a, i) => places.flatMap((b, j): [number, number][] => (i < j && overlap(a, b) ? [[i, j]] : [])));
