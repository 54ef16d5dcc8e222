import { addMonths, oldestCollectableWeek, oldestKeptDay } from './week.ts';

describe('months', () => {
  it.each([
    ['2026-03-31', -13, '2025-02-28'],
    ['2025-03-31', -13, '2024-02-29'],
    ['2026-05-31', -13, '2025-04-30'],
    ['2026-01-31', 1, '2026-02-28'],
    ['2026-12-31', -13, '2025-11-30'],
    ['2026-01-15', -13, '2024-12-15'],
  ])('%s and %i months is %s: a shorter month gives its last day', (date, months, expected) => {
    expect(addMonths(date, months)).toBe(expected);
  });
});

describe('what Amazon still has', () => {
  it('does not end in the month after at a month’s end', () => {
    expect(oldestKeptDay(new Date('2028-03-31T12:00:00Z'), 'UTC')).toBe('2027-02-28');
    // Monday 1 March 2027 was passed over on 31 March 2028, and was there again on 1 April.
    expect(oldestCollectableWeek(new Date('2028-03-31T12:00:00Z'), 'UTC')).toBe('2027-03-01');
    expect(oldestCollectableWeek(new Date('2028-04-01T12:00:00Z'), 'UTC')).toBe('2027-03-01');
  });

  it.each(['Asia/Tokyo', 'UTC', 'America/Los_Angeles', 'Pacific/Kiritimati'])(
    'never comes back once it is gone, through six years, at every hour of the day, in %s',
    (zone) => {
      let last = '';
      const wrong: string[] = [];
      for (let hour = 0; hour < 6 * 366 * 24; hour += 5) {
        const now = new Date(Date.UTC(2022, 0, 1, hour));
        const day = oldestKeptDay(now, zone);
        const days = (now.getTime() - Date.parse(`${day}T00:00:00Z`)) / 86_400_000;
        // 13 months are 393 to 397 days, and a local day begins up to a day later.
        if (day < last || days > 398 || days < 391) wrong.push(`${now.toISOString()} ${day}`);
        last = day;
      }
      expect(wrong).toEqual([]);
    },
  );

  it('is whole in the zone: the UTC day in which it begins is kept', () => {
    expect(oldestKeptDay(new Date('2026-12-01T05:00:00Z'), 'America/Los_Angeles')).toBe('2025-11-01');
    expect(oldestKeptDay(new Date('2026-11-30T20:00:00Z'), 'America/Los_Angeles')).toBe('2025-10-30');
    expect(oldestKeptDay(new Date('2026-11-30T20:00:00Z'), 'Asia/Tokyo')).toBe('2025-10-31');
    expect(oldestKeptDay(new Date('2026-12-01T12:00:00Z'), 'Europe/Berlin')).toBe('2025-11-02');
    expect(oldestKeptDay(new Date('2026-12-01T12:00:00Z'), 'UTC')).toBe('2025-11-01');
  });
});
