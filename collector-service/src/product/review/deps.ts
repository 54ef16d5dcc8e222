import type { Catalogue } from '../../data/catalogue/catalogue.ts';
import type { Store } from '../../data/store/store.ts';

/** Whose held runs, rules and revisions: nothing outside of it exists. */
export interface Scope {
  readonly workspaceId: string;
  /** Instances (our ids). */
  readonly instanceIds: readonly string[];
}

/** Who decides, for the audit log. */
export interface Actor {
  readonly scope: Scope;
  readonly person: string;
}

export interface ReviewDeps {
  readonly store: Store;
  readonly catalogue: Catalogue;
  /** Folder for kept files while they are compared with what is served. */
  readonly spoolDirectory: string;
}
