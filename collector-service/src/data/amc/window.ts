import { CollectorError } from '../../contract/error.ts';
import type { IsoDate } from '../../ground/calendar/week.ts';
import type { Execution } from './execution.ts';

/** A half-open range of whole days in a zone: from `start` 00:00:00 to `end` 00:00:00, `end` excluded. */
export interface DayWindow {
  readonly start: IsoDate;
  readonly end: IsoDate;
  /** IANA name. */
  readonly timeZone: string;
}

const midnight = (date: IsoDate): string => `${date}T00:00:00`;

/**
 * The window's part of a create request: explicit, local, without an offset. A 'Z' gave empty results, a bare date gives 400
 * (reference/amc.md §3.2).
 */
export function windowBody(window: DayWindow) {
  const wrong = [window.start, window.end].find((date) => !/^\d{4}-\d\d-\d\d$/.test(date));
  if (wrong !== undefined || window.start >= window.end) {
    throw new CollectorError('internal', `No window of whole days: ${window.start} to ${window.end}.`, { details: { sent: false } });
  }
  return {
    timeWindowType: 'EXPLICIT',
    timeWindowStart: midnight(window.start),
    timeWindowEnd: midnight(window.end),
    timeWindowTimeZone: window.timeZone,
  } as const;
}

/** Whether an execution was made for exactly this window: by its local times where Amazon tells them, else by its instants. */
export function hasWindow(execution: Execution, window: DayWindow): boolean {
  const { localStart, localEnd, timeZone, start, end } = execution.window;
  if (localStart !== null && localEnd !== null && timeZone !== null) {
    return (
      localStart.slice(0, 19) === midnight(window.start) && localEnd.slice(0, 19) === midnight(window.end) && timeZone === window.timeZone
    );
  }
  return (
    start !== null &&
    end !== null &&
    localTime(start, window.timeZone) === midnight(window.start) &&
    localTime(end, window.timeZone) === midnight(window.end)
  );
}

/** An instant as local time without offset: yyyy-mm-ddThh:mm:ss. */
function localTime(instant: string, timeZone: string): string | null {
  const date = new Date(instant);
  if (Number.isNaN(date.getTime())) return null;
  // Swedish writes dates and times the ISO way: '2025-03-30 00:00:00'.
  return new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' }).format(date).replace(' ', 'T');
}
