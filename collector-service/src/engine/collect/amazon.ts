import type { DayWindow } from '../../data/amc/window.ts';
import type { AmcInstanceRef } from '../../data/amc/transport.ts';
import type { Clock } from '../../ground/calendar/clock.ts';
import { windowDays } from '../../ground/calendar/window.ts';
import type { Catalogue } from '../../data/catalogue/catalogue.ts';
import type { ClaimedRun } from './run.ts';

/** A run's instance as the client wants it. */
export const instanceRef = (run: Pick<ClaimedRun, 'amcInstanceId' | 'accountId' | 'marketplaceId'>): AmcInstanceRef => ({
  instanceId: run.amcInstanceId,
  accountId: run.accountId,
  marketplaceId: run.marketplaceId,
});

/** What a run's execution covers: the window of its dataset that is kept under its week, from midnight to midnight in the instance's zone. */
export function executionWindow(
  run: Pick<ClaimedRun, 'dataset' | 'datasetVersion' | 'week' | 'timeZone'>,
  catalogue: Catalogue,
): DayWindow {
  const { window } = catalogue.findDataset(run.dataset, run.datasetVersion);
  return { ...windowDays(window, run.week), timeZone: run.timeZone };
}

/**
 * An instant of the database's clock as Amazon's clock would show it. They are the same but for the calendar's offset, under which
 * the sandbox lives too (calendar/clock.ts).
 */
export const onAmazonsClock = (instant: Date, clock: Clock): Date => new Date(instant.getTime() + (clock().getTime() - Date.now()));

/** The other way round. */
export const fromAmazonsClock = (instant: Date, clock: Clock): Date => new Date(instant.getTime() - (clock().getTime() - Date.now()));
