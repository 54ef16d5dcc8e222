import type { Logger } from 'pino';
import type { Catalogue } from '../../../data/catalogue/catalogue.ts';
import type { Store } from '../../../data/store/store.ts';
import type { Clock } from '../../../ground/calendar/clock.ts';
import type { QueryCache } from './cache.ts';
import type { QueryScope } from './scope.ts';

/** What a question is answered with. */
export interface QueryContext {
  store: Pick<Store, 'readers'>;
  catalogue: Catalogue;
  clock: Clock;
  cache: QueryCache;
  /** Whose data may be read. */
  scope: QueryScope;
  /** Hears of answers that failed by our fault. */
  logger?: Logger;
  /** Deadline of each statement; 10 s unless told. */
  timeoutMs?: number;
}

/** What all callers share; each brings a scope of its own. */
export type QueryParts = Omit<QueryContext, 'scope'>;
