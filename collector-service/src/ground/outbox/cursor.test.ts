import { EventCursor, type Look } from './cursor.ts';

const look = (ids: number[], xmin: number, xmax: number): Look => ({ ids, xmin: BigInt(xmin), xmax: BigInt(xmax) });
const fresh = (cursor: EventCursor, seen: Look) => {
  const ids = seen.ids.filter((id) => cursor.isFresh(id));
  cursor.advance(seen);
  return ids;
};

describe('The cursor over events', () => {
  it('rises with ids that come in order', () => {
    const cursor = new EventCursor(10);
    expect(fresh(cursor, look([11, 12], 100, 100))).toEqual([11, 12]);
    expect(cursor.low).toBe(12);
    expect(fresh(cursor, look([], 101, 101))).toEqual([]);
    expect(cursor.low).toBe(12);
  });

  it('hands out an id whose transaction ended later than those of higher ones', () => {
    const cursor = new EventCursor(10);
    expect(fresh(cursor, look([12, 13], 100, 103))).toEqual([12, 13]);
    expect(cursor.low).toBe(10);
    expect(fresh(cursor, look([11, 12, 13, 14], 103, 105))).toEqual([11, 14]);
    expect(cursor.low).toBe(14);
  });

  it('does not wait for an id whose transaction was rolled back', () => {
    const cursor = new EventCursor(10);
    fresh(cursor, look([12], 100, 103));
    fresh(cursor, look([12], 102, 104));
    expect(cursor.low).toBe(10);
    expect(fresh(cursor, look([12, 13], 103, 104))).toEqual([13]);
    expect(cursor.low).toBe(13);
  });

  it('keeps a second gap open after the first was settled', () => {
    const cursor = new EventCursor(0);
    fresh(cursor, look([2], 10, 12));
    fresh(cursor, look([2, 4], 11, 14));
    expect(fresh(cursor, look([2, 4, 5], 12, 15))).toEqual([5]);
    expect(cursor.low).toBe(2);
    expect(fresh(cursor, look([3, 4, 5], 14, 15))).toEqual([3]);
    expect(cursor.low).toBe(5);
  });

  it('never goes back and never hands out twice', () => {
    const cursor = new EventCursor(5);
    expect(fresh(cursor, look([3, 6, 8], 1, 9))).toEqual([6, 8]);
    expect(fresh(cursor, look([6, 8], 1, 9))).toEqual([]);
    expect(cursor.low).toBe(6);
  });
});
