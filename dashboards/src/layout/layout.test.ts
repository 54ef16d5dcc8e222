import { GRID_COLUMNS as COLUMNS_OF_THE_CONTRACT, type Place, type Section } from '@amc-reports/collector-service/contract';
import fc from 'fast-check';
import { compact } from './compact.ts';
import { GRID_COLUMNS } from './grid.ts';
import { overlaps } from './overlaps.ts';
import { readingOrder } from './reading-order.ts';
import { singleColumn } from './single-column.ts';
import { stack } from './stack.ts';

const at = (x: number, y: number, w: number, h: number): Place => ({ x, y, w, h });
const anyPlace = fc
  .record({ x: fc.nat(23), y: fc.nat(40), w: fc.integer({ min: 1, max: 24 }), h: fc.integer({ min: 1, max: 12 }) })
  .map((place) => ({ ...place, w: Math.min(place.w, GRID_COLUMNS - place.x) }));
const anyPlaces = fc.array(anyPlace, { maxLength: 12 });

it('has the columns of the contract', () => {
  expect(GRID_COLUMNS).toBe(COLUMNS_OF_THE_CONTRACT);
});

it('finds places that share a cell, and none that only touch', () => {
  expect(overlaps([at(0, 0, 4, 4), at(4, 0, 4, 4), at(3, 3, 2, 2)])).toEqual([
    [0, 2],
    [1, 2],
  ]);
});

describe('compact', () => {
  it('moves up what floats and parts what overlaps, the lower one down', () => {
    expect(compact([at(0, 5, 12, 4), at(12, 5, 12, 4), at(6, 7, 12, 2)])).toEqual([at(0, 0, 12, 4), at(12, 0, 12, 4), at(6, 4, 12, 2)]);
  });

  it('leaves no overlap and no gap that something could fill, keeps x and size, and changes nothing the second time', () => {
    fc.assert(
      fc.property(anyPlaces, (places) => {
        const compacted = compact(places);
        expect(overlaps(compacted)).toEqual([]);
        compacted.forEach(({ y: _, ...kept }, index) => expect(places[index]).toMatchObject(kept));
        expect(compact(compacted)).toEqual(compacted);
      }),
    );
  });
});

it('reads by row and from the left, and a single column keeps that order without gaps', () => {
  fc.assert(
    fc.property(anyPlaces, (places) => {
      const column = singleColumn(places);
      const order = readingOrder(places);
      expect(readingOrder(column)).toEqual(order);
      expect(overlaps(column)).toEqual([]);
      const bottom = Math.max(0, ...column.map(({ y, h }) => y + h));
      expect(bottom).toBe(places.reduce((sum, { h }) => sum + h, 0));
    }),
  );
});

it('stacks sections under their headings; a closed one takes only its heading', () => {
  const section = (title: string | undefined, collapsed?: true): Section => ({
    ...(title !== undefined && { title }),
    ...(collapsed && { collapsed }),
    widgets: [{ id: 'a', kind: 'text', title: 'A', description: 'Something', queries: [], display: {}, place: at(0, 1, 8, 4) }],
  });
  expect(
    stack([section(undefined), section('Closed', true), section('Open')]).map(({ heading, places }) => [heading, places[0]?.y]),
  ).toEqual([
    [undefined, 1],
    [5, 7],
    [6, 8],
  ]);
});
