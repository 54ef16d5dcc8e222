import { badRequest } from '../wire/amc-error.ts';
import { instantOf, isLocalTime, isTimeZone, utcText, wallTime } from './local-time.ts';

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

const DAY_MS = 86_400_000;
/** "For which the instance is likely to have data": Amazon promises it within 48 hours. */
const LAG_MS = 2 * DAY_MS;

/** @throws AmcError 400 for windows that Amazon refuses */
export function timeWindow(
  request: { timeWindowType?: string; timeWindowStart?: string; timeWindowEnd?: string; timeWindowTimeZone?: string },
  now: Date,
  historyStart: Date,
): TimeWindow {
  const type = (request.timeWindowType ?? 'MOST_RECENT_DAY') as WindowType;
  if (!WINDOW_TYPES.includes(type)) throw badRequest(`Invalid timeWindowType '${type}'. Valid values: ${WINDOW_TYPES.join(', ')}.`);
  const zone = request.timeWindowTimeZone ?? 'UTC';
  if (!isTimeZone(zone)) throw badRequest(`Invalid timeWindowTimeZone '${zone}'.`);
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
  const [startLocal, endLocal] = [start, end].map((text) => text.replace(/Z$/, '')) as [string, string];
  const [from, to] = [instantIn(zone, startLocal, 'timeWindowStart'), instantIn(zone, endLocal, 'timeWindowEnd')];
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

/** @throws AmcError 400 for times no clock shows, and for those that leave the format's four-digit years in UTC */
function instantIn(zone: string, local: string, name: string): number {
  const instant = isLocalTime(local) ? instantOf(local, zone) : undefined;
  if (instant === undefined || !isLocalTime(utcText(instant)))
    throw badRequest(`Invalid ${name} '${local}'. The format is yyyy-MM-dd'T'HH:mm:ss.`);
  return instant;
}

/** Windows that end where data are likely complete, on boundaries of days and months in the zone. */
function relative(type: WindowType, zone: string, now: Date, historyStart: Date): { startUtc: string; endUtc: string } {
  const likely = wallTime(now.getTime() - LAG_MS, zone);
  const today = `${likely.slice(0, 10)}T00:00:00`;
  const month = `${likely.slice(0, 7)}-01T00:00:00`;
  const between = (from: string, to: string) => ({ startUtc: utcText(instantOf(from, zone)), endUtc: utcText(instantOf(to, zone)) });
  const shifted = (local: string, days: number): string => `${utcText(instantOf(local, 'UTC') + days * DAY_MS).slice(0, 10)}T00:00:00`;
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
