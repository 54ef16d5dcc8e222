import { localDays } from './local-days.ts';

const days = (from: string, to: string, zone: string) => {
  const { start, end } = localDays({ from: Date.parse(from), to: Date.parse(to) }, zone);
  return `${start} ${end}`;
};

/** What a date picker sends for local days: the first instant of the first, the last millisecond of the last. */
describe('the local days of a range', () => {
  it.each([
    ['UTC', '2026-11-02T00:00:00.000Z', '2026-11-08T23:59:59.999Z'],
    ['America/Los_Angeles', '2026-11-02T08:00:00.000Z', '2026-11-09T07:59:59.999Z'],
    ['Asia/Kolkata', '2026-11-01T18:30:00.000Z', '2026-11-08T18:29:59.999Z'],
    ['Pacific/Auckland', '2026-11-01T11:00:00.000Z', '2026-11-08T10:59:59.999Z'],
    ['Pacific/Honolulu', '2026-11-02T10:00:00.000Z', '2026-11-09T09:59:59.999Z'],
  ])('are the days picked in %s', (zone, from, to) => expect(days(from, to, zone)).toBe('2026-11-02 2026-11-09'));

  it('count where daylight saving begins and ends, also at midnight', () => {
    expect(days('2026-10-24T22:00:00Z', '2026-10-25T22:59:59.999Z', 'Europe/Berlin')).toBe('2026-10-25 2026-10-26');
    expect(days('2026-03-29T00:00:00+02:00', '2026-03-29T23:59:59.999+03:00', 'Asia/Beirut')).toBe('2026-03-29 2026-03-30');
  });

  it('are those that begin in a range that ends now, and the day of a range within one', () => {
    expect(days('2026-11-03T13:00:00Z', '2026-11-10T13:00:00Z', 'UTC')).toBe('2026-11-04 2026-11-11');
    expect(days('2026-11-10T07:00:00Z', '2026-11-10T13:00:00Z', 'UTC')).toBe('2026-11-10 2026-11-11');
    expect(days('2026-11-02T00:00:00Z', '2026-11-09T00:00:00Z', 'UTC')).toBe('2026-11-02 2026-11-09');
  });

  it('are known for endless ranges', () => {
    expect(localDays({ from: -Infinity, to: Infinity }, 'Asia/Tokyo')).toEqual({ start: '1970-01-03', end: '9999-12-02' });
  });
});
