import type { CollectionEvent } from '@amc-reports/collector-service/contract';

const KEPT = 1_000;
const recent: Array<{ uid: string; at: number; event: CollectionEvent }> = [];
let clock = 0;

/** Keeps an event for reads that are under way: their answer may have been made before it. */
export function remember(uid: string, event: CollectionEvent): void {
  recent.push({ uid, at: ++clock, event });
  if (recent.length > KEPT) recent.splice(0, recent.length - KEPT);
}

/**
 * Reads, then applies what came by event meanwhile, so that a slow answer does not put an older state over a newer one.
 * An event tells what is now, so applying one that the answer already holds does no harm.
 */
export async function readAndCatchUp<T>(uid: string, read: () => Promise<T>, apply: (data: T, event: CollectionEvent) => T): Promise<T> {
  const start = clock;
  const data: T = await read();
  const missed = recent.filter((entry) => entry.at > start && entry.uid === uid);
  return missed.reduce<T>((current, { event }) => apply(current, event), data);
}
