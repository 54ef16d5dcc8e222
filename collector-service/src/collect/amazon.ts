import type { DayWindow } from '../amc/window.ts';
import type { AmcInstanceRef } from '../amc/transport.ts';
import { addDays, type IsoDate } from '../calendar/week.ts';
import type { Clock } from '../calendar/clock.ts';
import type { ClaimedRun } from './run.ts';

/** A run's instance as the client wants it. */
export const instanceRef = (run: Pick<ClaimedRun, 'amcInstanceId' | 'accountId' | 'marketplaceId'>): AmcInstanceRef => ({
  instanceId: run.amcInstanceId,
  accountId: run.accountId,
  marketplaceId: run.marketplaceId,
});

/** Monday 00:00 to the next Monday 00:00 in the instance's zone. */
export const weekWindow = (week: IsoDate, timeZone: string): DayWindow => ({ start: week, end: addDays(week, 7), timeZone });

/**
 * An instant of the database's clock as Amazon's clock would show it. They are the same but for the calendar's offset, under which
 * the sandbox lives too (calendar/clock.ts).
 */
export const onAmazonsClock = (instant: Date, clock: Clock): Date => new Date(instant.getTime() + (clock().getTime() - Date.now()));
