import type { Catalogue } from '../../data/catalogue/catalogue.ts';
import type { Context } from '../../ground/context.ts';

/**
 * What a tick works with. Two clocks: when a tick is due is decided by the database's now(), like every lease; which weeks are
 * complete when it comes, by the calendar. With a calendar offset a schedule still ticks in real time, and collects the calendar's weeks.
 */
export interface TickDeps extends Pick<Context, 'store' | 'clock'> {
  readonly catalogue: Catalogue;
  /** Divides the stagger, as it does every wait of the collecting. */
  readonly timeFactor: number;
}

export interface ScheduleContext extends Context {
  readonly catalogue: Catalogue;
  readonly timeFactor: number;
}
