import type { Store } from '../store/store.ts';
import { selectProgress, type Progress } from './statements/progress.ts';

export type { Progress } from './statements/progress.ts';

/**
 * How far the collections of a workspace are, for a progress bar: cheap enough to ask several times a second.
 * `settled` is true when nothing more will happen by itself: every week is done, skipped, failed or held, or its collection is not running.
 */
export async function collectProgress(store: Store, workspaceId: string, collectionIds?: readonly string[]): Promise<Progress & { settled: boolean }> {
  const progress = await selectProgress(store.pool, workspaceId, collectionIds);
  return { ...progress, settled: progress.moving === 0 };
}
