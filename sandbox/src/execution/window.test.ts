import { instantOf, isLocalTime, isTimeZone } from './local-time.ts';
import { timeWindow } from './window.ts';

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

describe('an explicit window', () => {
  const explicit = (timeWindowStart: string, timeWindowEnd: string, timeWindowTimeZone = 'UTC') => {
    const { startUtc, endUtc } = timeWindow(
      { timeWindowType: 'EXPLICIT', timeWindowStart, timeWindowEnd, timeWindowTimeZone },
      NOW,
      HISTORY,
    );
    return [startUtc, endUtc];
  };

  it.each([
    '2026-02-30T00:00:00',
    '2026-04-31T00:00:00',
    '2025-02-29T00:00:00',
    '2026-03-00T00:00:00',
    '2026-00-10T00:00:00',
    '2026-13-01T00:00:00',
    '2026-03-02T24:00:00',
    '2026-03-02T25:00:00',
    '2026-03-02T23:60:00',
    '2026-03-02T23:59:60',
    '0000-01-01T00:00:00',
    '2026-03-02',
    '2026-03-02 00:00:00',
    '2026-03-02T00:00:00+00:00',
    '2026-03-02T00:00:00.000',
    '2026-03-02T00:00:00ZZ',
    '+02026-03-02T00:00:00',
    '٢٠٢٦-03-02T00:00:00',
    '',
  ])('does not begin or end at %p', (time) => {
    expect(isLocalTime(time)).toBe(false);
    expect(() => explicit(time, '2026-05-09T00:00:00')).toThrow(expect.objectContaining({ status: 400 }));
    expect(() => explicit('2025-01-01T00:00:00', time)).toThrow(expect.objectContaining({ status: 400 }));
  });

  it('may begin on 29 February of a leap year, and in the hour that a spring clock skips', () => {
    expect(explicit('2024-02-29T00:00:00', '2024-03-01T00:00:00')).toEqual(['2024-02-29T00:00:00', '2024-03-01T00:00:00']);
    expect(explicit('2026-03-08T02:30:00', '2026-03-09T00:00:00', 'America/New_York')).toEqual([
      '2026-03-08T07:30:00',
      '2026-03-09T04:00:00',
    ]);
  });

  it('may lie long ago or far ahead, but in years of four digits, in UTC too', () => {
    expect(explicit('0001-01-01T00:00:00', '9999-12-31T23:59:59')).toEqual(['0001-01-01T00:00:00', '9999-12-31T23:59:59']);
    expect(explicit('0001-01-01T00:00:00', '0001-01-02T00:00:00', 'America/New_York')).toEqual([
      '0001-01-01T04:56:02',
      '0001-01-02T04:56:02',
    ]);
    expect(() => explicit('2026-01-01T00:00:00', '9999-12-31T23:59:59', 'America/New_York')).toThrow('Invalid timeWindowEnd');
    expect(() => explicit('0001-01-01T00:00:00', '2026-01-01T00:00:00', 'Europe/Berlin')).toThrow('Invalid timeWindowStart');
  });
});

it.each(['UTC', 'GMT', 'EST', 'PST8PDT', 'Etc/GMT+5', 'Etc/UTC', 'GB-Eire', 'US/Pacific', 'Asia/Kolkata', 'Asia/Calcutta', 'Europe/Kyiv'])(
  'knows the tz database name %s',
  (zone) => expect(isTimeZone(zone)).toBe(true),
);

it.each([
  ['an offset', ['+02:00', '-0800', 'Z', 'UTC+2', 'GMT+5']],
  ["another case than the tz database's", ['utc', 'europe/berlin', 'Europe/berlin', 'EUROPE/BERLIN', 'asia/kolkata', 'us/pacific']],
  ['an abbreviation that only some libraries know', ['PST', 'IST', 'JST', 'CST', 'BST', 'SystemV/PST8']],
  ['anything else', ['', ' ', 'Mars/Olympus', 'Europe/Berlin ', 'Europe//Berlin', '../etc/localtime', 'Europe/Berlin\0']],
])('takes no time zone that is %s', (_, zones) => {
  expect(zones.filter(isTimeZone)).toEqual([]);
});
