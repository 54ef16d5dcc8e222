import type { Catalogue } from '../../data/catalogue/catalogue.ts';
import type { Context, Scope } from '../../ground/context.ts';
import type { Retention } from './retention.ts';

/** What a process has for upkeep before it is known for which workspace. */
export interface UpkeepDeps extends Pick<Context, 'store' | 'clock' | 'logger'> {
  readonly catalogue: Catalogue;
  /** Folder for files on their way from the database and back; whoever writes there makes it. */
  readonly spoolDirectory: string;
  readonly retention: Retention;
  /** How long to wait for a worker that merges the same week; 10 s unless told. */
  readonly lockWaitMs?: number;
}

export type UpkeepContext = Context & UpkeepDeps;

/** Of the scope one instance (our id), which is known to be in it. */
export const narrowed = (scope: Scope, instanceId: string): Scope => ({ ...scope, instanceIds: [instanceId] });
