import { ISO_CALENDAR, monthStart, nextMonthStart, weekStart, type ReportingCalendar } from './reporting-calendar.ts';

const sunday: ReportingCalendar = { weekStartsOn: 7, months: { kind: 'calendar', startsOn: 26 } };
const fiscal: ReportingCalendar = { weekStartsOn: 7, months: { kind: '4-4-5', years: ['2025-02-02', '2026-02-01', '2027-01-31'] } };
const month = (calendar: ReportingCalendar, date: string) => [monthStart(calendar, date), nextMonthStart(calendar, date)];

test('weeks begin on the weekday of the workspace', () => {
  expect(weekStart(ISO_CALENDAR, '2026-11-08')).toBe('2026-11-02');
  expect(weekStart(sunday, '2026-11-08')).toBe('2026-11-08');
  expect(weekStart(sunday, '2026-11-07')).toBe('2026-11-01');
  expect(weekStart({ ...sunday, weekStartsOn: 6 }, '2026-11-08')).toBe('2026-11-07');
});

test('months begin on the 1st or on another day, across the year', () => {
  expect(month(ISO_CALENDAR, '2026-12-31')).toEqual(['2026-12-01', '2027-01-01']);
  expect(month(sunday, '2026-12-25')).toEqual(['2026-11-26', '2026-12-26']);
  expect(month(sunday, '2026-12-26')).toEqual(['2026-12-26', '2027-01-26']);
  expect(month(sunday, '2027-01-01')).toEqual(['2026-12-26', '2027-01-26']);
});

test('fiscal periods follow the pattern, and the last one ends with the year', () => {
  expect(month(fiscal, '2026-02-01')).toEqual(['2026-02-01', '2026-03-01']);
  expect(month(fiscal, '2026-03-28')).toEqual(['2026-03-01', '2026-03-29']);
  expect(month(fiscal, '2026-03-29')).toEqual(['2026-03-29', '2026-05-03']);
  expect(month(fiscal, '2027-01-30')).toEqual(['2026-12-27', '2027-01-31']);
  // 2023 had 53 weeks of somebody's: the fifth week more is in its last period.
  const long: ReportingCalendar = { weekStartsOn: 7, months: { kind: '4-4-5', years: ['2023-01-29', '2024-02-04'] } };
  expect(month(long, '2024-02-03')).toEqual(['2023-12-24', '2024-02-04']);
});

test('years that nobody named have 52 weeks, before and after those that are', () => {
  expect(month(fiscal, '2028-01-30')).toEqual(['2028-01-30', '2028-02-27']);
  expect(month(fiscal, '2024-02-04')).toEqual(['2024-02-04', '2024-03-03']);
});
