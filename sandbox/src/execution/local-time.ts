import { ianaTimeZone } from '@amc-reports/collector-service/contract/time-zone.ts';

const LOCAL_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/;
const DAY_MS = 86_400_000;

/** yyyy-MM-dd'T'HH:mm:ss that a calendar and a clock show: no 30 February, no 24:00:00, no second 60, no year 0. */
export function isLocalTime(text: string): boolean {
  if (!LOCAL_TIME.test(text) || text.startsWith('0000')) return false;
  const ms = asUtcMs(text);
  // Date.parse moves 30 February to March, and 24:00 to the next day.
  return !Number.isNaN(ms) && utcText(ms) === text;
}

const THREE_LETTERS = ['CET', 'EET', 'EST', 'GMT', 'HST', 'MET', 'MST', 'PRC', 'ROC', 'ROK', 'UCT', 'UTC', 'WET'];

/**
 * Whether the tz database has the name, written so. Amazon wants a "TZ database name" (reference/amc.md §3.2), and its
 * letters' case counts there; Intl also takes offsets, any case, and abbreviations of its own such as PST and IST.
 */
export const isTimeZone = (zone: string): boolean =>
  ianaTimeZone(zone) === zone &&
  zone.split('/').every((part) => /^[A-Z]/.test(part)) &&
  !zone.startsWith('SystemV/') &&
  (!/^[A-Z]{3}$/.test(zone) || THREE_LETTERS.includes(zone));

const asUtcMs = (local: string): number => Date.parse(`${local}Z`);

/** yyyy-MM-dd'T'HH:mm:ss in UTC; of years that have no four digits it is no local time. */
export const utcText = (instantMs: number): string => new Date(instantMs).toISOString().replace(/\.\d+Z$/, '');

function offsetMs(instantMs: number, zone: string): number {
  const parts = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' }).formatToParts(instantMs);
  const text = parts.find((part) => part.type === 'timeZoneName')?.value ?? '';
  const [, sign, hours = 0, minutes = 0, seconds = 0] = /^GMT([+-])(\d\d):(\d\d)(?::(\d\d))?$/.exec(text) ?? [];
  return (sign === '-' ? -1000 : 1000) * (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds));
}

/** What the clocks of a zone show at an instant. */
export const wallTime = (instantMs: number, zone: string): string => utcText(instantMs + offsetMs(instantMs, zone));

/** The instant of a wall-clock time in a zone. In the hour a spring clock skips, the hour after; in the hour it repeats, the first. */
export function instantOf(local: string, zone: string): number {
  const guess = asUtcMs(local);
  const candidates = [guess - DAY_MS, guess + DAY_MS].map((around) => guess - offsetMs(around, zone));
  const exact = candidates.filter((instant) => wallTime(instant, zone) === local);
  return exact.length > 0 ? Math.min(...exact) : Math.max(...candidates);
}
