import type { CollectableWindows } from '../../../contract/collections.ts';
import { anchors, daysOf, newestCompleteAnchor, oldestCollectableAnchor } from '../../../ground/calendar/window.ts';
import { findInstance } from '../instance.ts';
import { assertCollectable, type PlanContext } from './plan.ts';

/**
 * Which windows of a dataset a collection of the instance could hold now, the newest first: those that are complete, and that Amazon
 * still has.
 * @throws CollectorError not_found (instance), unknown_dataset, and as createCollection for what cannot be collected at all
 */
export async function collectableWindows(
  { store, catalogue, scope, clock }: Pick<PlanContext, 'store' | 'catalogue' | 'scope' | 'clock'>,
  input: { instance: string; dataset: string },
): Promise<CollectableWindows> {
  const dataset = catalogue.findDataset(input.dataset);
  const instance = await store.transaction((tx) => findInstance(tx, scope, input.instance));
  assertCollectable(dataset, instance);
  const { window } = dataset;
  const { timeZone } = instance;
  const weeks = anchors(window, oldestCollectableAnchor(window, clock(), timeZone), newestCompleteAnchor(window, clock(), timeZone));
  return { window, timeZone, windows: weeks.reverse().map((week) => ({ week, ...daysOf(window, week) })) };
}
