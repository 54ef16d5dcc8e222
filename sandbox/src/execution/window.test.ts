import { instantOf, timeWindow } from './window.ts';

const NOW = new Date('2026-03-20T12:00:00Z');
const HISTORY = new Date('2025-02-20T00:00:00Z');
const window = (type: string, zone: string) => {
  const { startUtc, endUtc } = timeWindow({ timeWindowType: type, timeWindowTimeZone: zone }, NOW, HISTORY);
  return [startUtc, endUtc];
};

it("relative windows end on the zone's boundaries where data are likely complete", () => {
  expect(window('MOST_RECENT_DAY', 'UTC')).toEqual(['2026-03-17T00:00:00', '2026-03-18T00:00:00']);
  expect(window('MOST_RECENT_WEEK', 'America/Los_Angeles')).toEqual(['2026-03-11T07:00:00', '2026-03-18T07:00:00']);
  expect(window('CURRENT_MONTH', 'Europe/Berlin')).toEqual(['2026-02-28T23:00:00', '2026-03-18T12:00:00']);
  expect(window('PREVIOUS_MONTH', 'UTC')).toEqual(['2026-02-01T00:00:00', '2026-03-01T00:00:00']);
  expect(window('ALL', 'UTC')).toEqual(['2025-02-20T00:00:00', '2026-03-18T00:00:00']);
});

it('a day is the day before the likely complete one when no type is named', () => {
  expect(timeWindow({}, NOW, HISTORY).type).toBe('MOST_RECENT_DAY');
});

it('weeks with a change of the clock have 167 and 169 hours', () => {
  const hours = (from: string, to: string, zone: string): number => (instantOf(to, zone) - instantOf(from, zone)) / 3_600_000;
  expect(hours('2026-03-02T00:00:00', '2026-03-09T00:00:00', 'America/Los_Angeles')).toBe(167);
  expect(hours('2026-10-26T00:00:00', '2026-11-02T00:00:00', 'America/Los_Angeles')).toBe(169);
  expect(hours('2026-03-23T00:00:00', '2026-03-30T00:00:00', 'Europe/Berlin')).toBe(167);
  expect(hours('2026-10-19T00:00:00', '2026-10-26T00:00:00', 'Europe/Berlin')).toBe(169);
  expect(hours('2026-03-02T00:00:00', '2026-03-09T00:00:00', 'Asia/Kolkata')).toBe(168);
});

it('a time that a spring clock skips is the hour after, one that an autumn clock repeats the first', () => {
  const utc = (local: string): string => new Date(instantOf(local, 'Europe/Berlin')).toISOString();
  expect(utc('2026-03-29T02:30:00')).toBe('2026-03-29T01:30:00.000Z');
  expect(utc('2026-10-25T02:30:00')).toBe('2026-10-25T00:30:00.000Z');
});
