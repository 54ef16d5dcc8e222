import { Cron } from 'croner';
import { ianaTimeZone } from '../../contract/time-zone.ts';
import { CollectorError } from '../../contract/error.ts';

/** A checked cron expression in a zone. */
export interface CronTimes {
  /** Five fields, single spaces. */
  cron: string;
  /** IANA name. */
  timeZone: string;
}

/**
 * A time written as hours (`30 2 * * *`, lists and ranges too) happens once a day: skipped by daylight saving, it runs at the first
 * moment after the gap; doubled, at the first of the two. A time with `*` or a step in minute or hour runs at every real hour.
 */
const OPTIONS = { mode: '5-part', fixedTimeRule: 'no-wildcard', paused: true } as const;

const FIELDS = [
  { name: 'minute', allowed: '0 to 59' },
  { name: 'hour', allowed: '0 to 23' },
  { name: 'day of the month', allowed: '1 to 31, or L for the last' },
  { name: 'month', allowed: '1 to 12, or JAN to DEC' },
  { name: 'day of the week', allowed: '0 to 7 (0 and 7 are Sunday), or SUN to SAT' },
] as const;

const EXAMPLE = "for example '0 6 * * 3', Wednesdays at 6:00";
const HOUR_MS = 3_600_000;
/** Counting what was missed stops here: more would be a clock that jumped. */
const MOST_COUNTED = 1000;

/**
 * Checks what a person wrote.
 * @throws CollectorError invalid_request naming the field that is wrong; for a zone that does not exist; for times that come more than
 *   once an hour or never
 */
export function parseCron(text: string, zone: string): CronTimes {
  const timeZone = ianaTimeZone(zone);
  if (timeZone === null)
    throw new CollectorError('invalid_request', `'${zone}' is no time zone; write an IANA name such as America/Los_Angeles.`);
  const fields = text.trim().split(/\s+/);
  const cron = fields.join(' ');
  if (fields.length !== FIELDS.length || cron.startsWith('@')) {
    throw new CollectorError(
      'invalid_request',
      `'${text}' is no cron expression: it needs five fields, minute hour day-of-month month day-of-week, ${EXAMPLE}.`,
    );
  }
  fields.forEach((field, index) => {
    if (!isField(field, index)) {
      const { name, allowed } = FIELDS[index]!;
      throw new CollectorError(
        'invalid_request',
        `The ${name} '${field}' in '${cron}' is not valid: use ${allowed}, * for every one, lists (1,3), ranges (1-5) or steps (*/2).`,
      );
    }
  });
  // In UTC, where no clock change makes two times look close.
  const [first, second, third] = runsAfter({ cron, timeZone: 'UTC' }, new Date(0), 3);
  if (first === undefined) throw new CollectorError('invalid_request', `'${cron}' never comes: no month has such a day.`);
  if ([second, third].some((run, index) => run !== undefined && run.getTime() - [first, second][index]!.getTime() < HOUR_MS)) {
    throw new CollectorError(
      'invalid_request',
      `'${cron}' runs more than once an hour. Amazon computes its data once a day and every run of a week is a paid query: use one minute, ${EXAMPLE}.`,
    );
  }
  return { cron, timeZone };
}

/** The next times strictly after an instant, at most `count`. */
export const runsAfter = ({ cron, timeZone }: CronTimes, after: Date, count: number): Date[] =>
  new Cron(cron, { ...OPTIONS, timezone: timeZone }).nextRuns(count, after);

/** The next time strictly after an instant. A checked expression always has one. */
export function nextRun(times: CronTimes, after: Date): Date {
  const [next] = runsAfter(times, after, 1);
  if (next === undefined) throw new CollectorError('internal', `The cron expression '${times.cron}' never comes again.`);
  return next;
}

/** Which times have passed: the first is known, the newest is looked for, and how many there are between (at most 1,000 are counted). */
export function passedSince(times: CronTimes, first: Date, now: Date): { newest: Date; count: number } {
  let newest = first;
  let count = 1;
  for (const job = new Cron(times.cron, { ...OPTIONS, timezone: times.timeZone }); count < MOST_COUNTED; count++) {
    const next = job.nextRun(newest);
    if (next === null || next > now) break;
    newest = next;
  }
  return { newest, count };
}

/** Each field is tried alone: croner's own messages count from 0 where people count from 1. */
function isField(field: string, index: number): boolean {
  const pattern = FIELDS.map((_, at) => (at === index ? field : '*')).join(' ');
  try {
    new Cron(pattern, OPTIONS);
    return true;
  } catch {
    return false;
  }
}
