import type { Catalogue } from '../../../data/catalogue/catalogue.ts';
import type { Context } from '../../../ground/context.ts';
import type { QueryCache } from './cache.ts';
import type { QueryScope } from './scope.ts';

/** What a question is answered with. */
export interface QueryContext extends Pick<Context, 'clock' | 'logger' | 'signal'> {
  readonly store: Pick<Context['store'], 'readers'>;
  readonly catalogue: Catalogue;
  readonly cache: QueryCache;
  /** Whose data may be read. */
  readonly scope: QueryScope;
  /** Deadline of each statement; 10 s unless told. */
  readonly timeoutMs?: number;
}

/** What all callers share; each brings a scope and a signal of its own. */
export type QueryParts = Omit<QueryContext, 'scope' | 'signal'>;
