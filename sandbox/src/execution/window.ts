import { ianaTimeZone } from '@amc-reports/collector-service/contract/time-zone.ts';
import { badRequest } from '../wire/amc-error.ts';

export const WINDOW_TYPES = ['ALL', 'CURRENT_MONTH', 'EXPLICIT', 'MOST_RECENT_DAY', 'MOST_RECENT_WEEK', 'PREVIOUS_MONTH'] as const;
export type WindowType = (typeof WINDOW_TYPES)[number];

export interface TimeWindow {
  readonly type: WindowType;
  readonly zone: string;
  /** UTC, yyyy-MM-ddTHH:mm:ss without a zone. */
  readonly startUtc: string;
  readonly endUtc: string;
  /** As asked for; only EXPLICIT has them. */
  readonly startOriginal?: string;
  readonly endOriginal?: string;
  /** Asked for with a trailing Z: Amazon was seen to answer such windows with no rows at all (reference/amc.md §3.2). */
  readonly empty: boolean;
}

const LOCAL_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/;
const HOUR_MS = 3_600_000;
/** "For which the instance is likely to have data": Amazon promises it within 48 hours. */
const LAG_MS = 48 * HOUR_MS;

const wallTime = (instantMs: number, zone: string): string => {
  const parts = Object.fromEntries(
    new Intl.DateTimeFormat('en-CA', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    })
      .formatToParts(instantMs)
      .map((part) => [part.type, part.value]),
  );
  return `${parts.year}-${parts.month}-${parts.day}T${parts.hour}:${parts.minute}:${parts.second}`;
};

const asUtcMs = (local: string): number => Date.parse(`${local}Z`);

/** The instant of a wall-clock time in a zone. In the hour a spring clock skips, the hour after; in the hour it repeats, the first. */
export function instantOf(local: string, zone: string): number {
  const guess = asUtcMs(local);
  const candidates = [guess - 24 * HOUR_MS, guess + 24 * HOUR_MS].map((around) => guess - (asUtcMs(wallTime(around, zone)) - around));
  const exact = candidates.filter((instant) => wallTime(instant, zone) === local);
  return exact.length > 0 ? Math.min(...exact) : Math.max(...candidates);
}

const utcText = (instantMs: number): string => new Date(instantMs).toISOString().slice(0, 19);

/** @throws AmcError 400 for windows that Amazon refuses */
export function timeWindow(
  request: { timeWindowType?: string; timeWindowStart?: string; timeWindowEnd?: string; timeWindowTimeZone?: string },
  now: Date,
  historyStart: Date,
): TimeWindow {
  const type = (request.timeWindowType ?? 'MOST_RECENT_DAY') as WindowType;
  if (!WINDOW_TYPES.includes(type)) throw badRequest(`Invalid timeWindowType '${type}'. Valid values: ${WINDOW_TYPES.join(', ')}.`);
  const zone = request.timeWindowTimeZone ?? 'UTC';
  if (ianaTimeZone(zone) === null) throw badRequest(`Invalid timeWindowTimeZone '${zone}'.`);
  if (type === 'EXPLICIT') return explicit(request, zone);
  if (request.timeWindowStart !== undefined || request.timeWindowEnd !== undefined) {
    throw badRequest('timeWindowStart and timeWindowEnd may only be given when timeWindowType is EXPLICIT.');
  }
  return { type, zone, empty: false, ...relative(type, zone, now, historyStart) };
}

function explicit(request: { timeWindowStart?: string; timeWindowEnd?: string }, zone: string): TimeWindow {
  const { timeWindowStart: start, timeWindowEnd: end } = request;
  if (start === undefined || end === undefined)
    throw badRequest('timeWindowStart and timeWindowEnd are both required when timeWindowType is EXPLICIT.');
  const bare = [start, end].map((text) => text.replace(/Z$/, ''));
  for (const [index, name] of (['timeWindowStart', 'timeWindowEnd'] as const).entries()) {
    const text = bare[index] ?? '';
    if (!LOCAL_TIME.test(text) || Number.isNaN(asUtcMs(text))) {
      throw badRequest(`Invalid ${name} '${index === 0 ? start : end}'. The format is yyyy-MM-dd'T'HH:mm:ss.`);
    }
  }
  const [startLocal = '', endLocal = ''] = bare;
  const [from, to] = [instantOf(startLocal, zone), instantOf(endLocal, zone)];
  if (from >= to) throw badRequest('timeWindowStart must be before timeWindowEnd.');
  return {
    type: 'EXPLICIT',
    zone,
    startUtc: utcText(from),
    endUtc: utcText(to),
    startOriginal: startLocal,
    endOriginal: endLocal,
    empty: start.endsWith('Z') || end.endsWith('Z'),
  };
}

/** Windows that end where data are likely complete, on boundaries of days and months in the zone. */
function relative(type: WindowType, zone: string, now: Date, historyStart: Date): { startUtc: string; endUtc: string } {
  const likely = wallTime(now.getTime() - LAG_MS, zone);
  const today = `${likely.slice(0, 10)}T00:00:00`;
  const month = `${likely.slice(0, 7)}-01T00:00:00`;
  const between = (from: string, to: string) => ({ startUtc: utcText(instantOf(from, zone)), endUtc: utcText(instantOf(to, zone)) });
  const shifted = (local: string, days: number): string =>
    `${new Date(asUtcMs(local) + days * 24 * HOUR_MS).toISOString().slice(0, 10)}T00:00:00`;
  switch (type) {
    case 'MOST_RECENT_WEEK':
      return between(shifted(today, -7), today);
    case 'CURRENT_MONTH':
      return between(month, `${likely.slice(0, 13)}:00:00`);
    case 'PREVIOUS_MONTH':
      return between(`${shifted(month, -1).slice(0, 7)}-01T00:00:00`, month);
    case 'ALL':
      return { startUtc: utcText(historyStart.getTime()), endUtc: utcText(instantOf(today, zone)) };
    default:
      return between(shifted(today, -1), today);
  }
}
