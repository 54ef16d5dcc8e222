import { weekAge, type Attribution } from './age.ts';

/** Ended on Monday 2026-03-09 00:00 in the zone. */
const WEEK = '2026-03-02';
const daysAfterItsEnd = (days: number) => new Date(Date.parse('2026-03-09T12:00:00Z') + days * 86_400_000);

const FIRST_DAYS: [Attribution, provisional: number, settling: number, final: number][] = [
  ['traffic_time', 2, 14, 60],
  ['conversion_time', 2, 7, 46],
  ['none', 2, 5, 30],
];
test.each(FIRST_DAYS)(
  'a week of a %s dataset is provisional from day %i, settling from day %i and final from day %i',
  (attribution, ...days) => {
    const ages = ['incomplete', 'provisional', 'settling', 'final'] as const;
    days.forEach((day, index) => {
      expect([day - 1, weekAge(WEEK, daysAfterItsEnd(day - 1), 'UTC', attribution)]).toEqual([day - 1, ages[index]]);
      expect([day, weekAge(WEEK, daysAfterItsEnd(day), 'UTC', attribution)]).toEqual([day, ages[index + 1]]);
    });
  },
);

test('days are those of the instance’s zone', () => {
  const now = new Date('2026-03-11T03:00:00Z');
  expect(weekAge(WEEK, now, 'UTC', 'none')).toBe('provisional');
  expect(weekAge(WEEK, now, 'America/Los_Angeles', 'none')).toBe('incomplete');
});
