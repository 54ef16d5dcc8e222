import { parseEmptyDays } from './empty-days.ts';

test('days, ranges of days, and all between the first and the last', () => {
  expect(parseEmptyDays('between')).toBe('between');
  expect(parseEmptyDays('2026-03-08, 2026-03-14..2026-03-15')).toEqual([
    { from: '2026-03-08', to: '2026-03-08' },
    { from: '2026-03-14', to: '2026-03-15' },
  ]);
});

test.each(['', 'all', '8.3.2026', '2026-13-08', '2026-02-30', '2026-03-15..2026-03-14', '2026-03-08,'])(
  '%j is refused with the form',
  (text) => {
    expect(() => parseEmptyDays(text)).toThrow('Write days as 2026-03-08');
  },
);
