import { startOfDay } from './start-of-day.ts';

it.each([
  ['2026-11-02', 'UTC', '2026-11-02T00:00:00.000Z'],
  ['2026-11-02', 'America/Los_Angeles', '2026-11-02T08:00:00.000Z'],
  ['2026-06-02', 'America/Los_Angeles', '2026-06-02T07:00:00.000Z'],
  ['2026-11-02', 'Asia/Kolkata', '2026-11-01T18:30:00.000Z'],
  ['2026-11-02', 'Pacific/Kiritimati', '2026-11-01T10:00:00.000Z'],
  ['2026-11-02', 'Etc/GMT+12', '2026-11-02T12:00:00.000Z'],
  // Cairo's clocks went from midnight to one o'clock on 25 April 2025.
  ['2025-04-25', 'Africa/Cairo', '2025-04-24T22:00:00.000Z'],
  ['2025-04-26', 'Africa/Cairo', '2025-04-25T21:00:00.000Z'],
])('%s begins in %s at %s', (date, timeZone, instant) => {
  expect(startOfDay(date, timeZone).toISOString()).toBe(instant);
});
