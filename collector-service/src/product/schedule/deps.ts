import type { Clock } from '../../ground/calendar/clock.ts';
import type { Catalogue } from '../../data/catalogue/catalogue.ts';
import type { Store } from '../../data/store/store.ts';

/**
 * What schedules work with. Two clocks: when a tick is due is decided by the database's now(), like every lease; which weeks are
 * complete when it comes, by the calendar. With a calendar offset a schedule still ticks in real time, and collects the calendar's weeks.
 */
export interface ScheduleDeps {
  store: Store;
  catalogue: Catalogue;
  clock: Clock;
  /** Divides the stagger, as it does every wait of the collecting. */
  timeFactor: number;
}
