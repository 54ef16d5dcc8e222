import { nextRun, parseCron, passedSince } from './cron.ts';

describe('what a person wrote', () => {
  test.each([
    ['0 6 * * 3', '0 6 * * 3'],
    ['  0\t6  * *   3 ', '0 6 * * 3'],
    ['30 5 * * MON-FRI', '30 5 * * MON-FRI'],
    ['15 */6 * * *', '15 */6 * * *'],
    ['0 * * * *', '0 * * * *'],
    ['0 6 L * *', '0 6 L * *'],
    ['0 6 * * WED#1', '0 6 * * WED#1'],
    ['0 0 29 2 *', '0 0 29 2 *'],
  ])('%j is taken as %j', (text, cron) => {
    expect(parseCron(text, 'UTC')).toEqual({ cron, timeZone: 'UTC' });
  });

  test.each([
    ['', 'needs five fields'],
    ['0 6 * *', 'needs five fields'],
    ['0 0 6 * * 3', 'needs five fields'],
    ['@weekly', 'needs five fields'],
    ['2026-03-04T06:00:00', 'needs five fields'],
    ['60 6 * * *', "minute '60'"],
    ['0 24 * * *', "hour '24'"],
    ['0 6-25 * * *', "hour '6-25'"],
    ['0 6 0 * *', "day of the month '0'"],
    ['0 6 * 13 *', "month '13'"],
    ['0 6 * * 8', "day of the week '8'"],
    ['0 6 * * WEDNESDAY', "day of the week 'WEDNESDAY'"],
    ['H 6 * * *', "minute 'H'"],
    ['5/10 6 * * *', "minute '5/10'"],
    ["0 6 * * '; DROP", 'needs five fields'],
    ['0 6 * * 3;', "day of the week '3;'"],
    ['1e1 6 * * *', "minute '1e1'"],
    [`0 6 * * ${'1,'.repeat(5000)}`, 'day of the week'],
    ['0 6 30 2 *', 'never comes'],
    ['* * * * *', 'more than once an hour'],
    ['*/30 * * * *', 'more than once an hour'],
    ['0,59 6 * * 3', 'more than once an hour'],
    ['0,30 0 1 1 *', 'more than once an hour'],
    ['5-6 0 29 2 *', 'more than once an hour'],
  ])('%j is refused with a sentence that says %j', (text, words) => {
    expect(() => parseCron(text, 'UTC')).toThrow(
      expect.objectContaining({ code: 'invalid_request', status: 400, message: expect.stringContaining(words) }),
    );
  });

  test.each(['Mars/Olympus', '', '+01:00', 'America/Los Angeles', "UTC'--"])('the zone %j is refused', (zone) => {
    expect(() => parseCron('0 6 * * 3', zone)).toThrow(expect.objectContaining({ message: expect.stringContaining('is no time zone') }));
  });

  test('a zone is written as the tz database writes it', () => {
    expect(parseCron('0 6 * * 3', 'europe/berlin').timeZone).toBe('Europe/Berlin');
  });
});

test('the next run is strictly later, also from the very moment of one', () => {
  const times = parseCron('0 6 * * 3', 'UTC');
  expect(nextRun(times, new Date('2026-03-04T06:00:00.000Z'))).toEqual(new Date('2026-03-11T06:00Z'));
  expect(nextRun(times, new Date('2026-03-04T05:59:59.999Z'))).toEqual(new Date('2026-03-04T06:00Z'));
});

describe('times that have passed', () => {
  const times = parseCron('0 6 * * 3', 'UTC');
  const first = new Date('2026-03-04T06:00Z');
  test.each([
    ['2026-03-04T06:00:00Z', '2026-03-04T06:00Z', 1],
    ['2026-03-11T05:59:59Z', '2026-03-04T06:00Z', 1],
    ['2026-03-11T06:00:00Z', '2026-03-11T06:00Z', 2],
    ['2026-04-01T12:00:00Z', '2026-04-01T06:00Z', 5],
  ])('at %s the newest is %s and there are %i', (now, newest, count) => {
    expect(passedSince(times, first, new Date(now))).toEqual({ newest: new Date(newest), count });
  });

  test('a clock that jumped by a thousand years does not count for ever', () => {
    expect(passedSince(parseCron('0 * * * *', 'UTC'), first, new Date('3026-01-01T00:00Z')).count).toBe(1000);
  });
});
