import type { Catalogue } from '../../data/catalogue/catalogue.ts';
import type { BoundedScope, Context } from '../../ground/context.ts';

export interface ReviewContext extends Context {
  /** Row-level security lets these instances through and no other. */
  readonly scope: BoundedScope;
  readonly catalogue: Catalogue;
  /** Folder for kept files while they are compared with what is served. */
  readonly spoolDirectory: string;
}

/** What reading takes of a context. */
export type ReadContext = Pick<ReviewContext, 'store' | 'scope' | 'signal'>;
