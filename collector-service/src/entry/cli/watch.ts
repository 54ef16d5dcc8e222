import { setTimeout as sleep } from 'node:timers/promises';
import { listCollections } from '../../engine/collect/collections/read.ts';
import type { Collection } from '../../contract/collections.ts';
import { isUnreachable } from '../../data/store/errors.ts';
import type { Foundation } from '../../foundation.ts';
import { createProgressBar, type Progress } from './progress-bar.ts';

const EVERY_MS = 250;

/** Draws progress until nothing moves any more: every week (or other window) is done, or waits for a person. Resolves to the collections as they are then. */
export async function watchCollections(
  { store, clock, workspaceId }: Pick<Foundation, 'store' | 'clock' | 'workspaceId'>,
  out: NodeJS.WritableStream,
  signal: AbortSignal,
): Promise<Collection[]> {
  const bar = createProgressBar(out);
  const scope = { workspaceId, instanceIds: null };
  try {
    for (;;) {
      signal.throwIfAborted();
      const collections = await patiently(() => listCollections({ store, clock, scope }));
      if (collections !== undefined) {
        const wanted = collections.filter(({ state }) => state !== 'cancelled');
        bar.draw(progressOf(wanted));
        if (wanted.every(isAtRest)) return wanted;
      }
      await sleep(EVERY_MS, undefined, { signal });
    }
  } finally {
    bar.end();
  }
}

/** Undefined while the database is away: it comes back, or the process is told that it does not. */
const patiently = <T>(ask: () => Promise<T>): Promise<T | undefined> =>
  ask().catch((error: unknown) => {
    if (isUnreachable(error)) return undefined;
    throw error;
  });

export function progressOf(collections: readonly Collection[]): Progress {
  const sum = (...states: (keyof Collection['weeks'])[]) =>
    collections.reduce((total, { weeks }) => total + states.reduce((n, state) => n + (weeks[state] ?? 0), 0), 0);
  return {
    done: sum('done', 'skipped'),
    total: collections.reduce((total, { weeksTotal }) => total + weeksTotal, 0),
    stuck: sum('failed', 'held'),
    inFlight: sum('creating', 'running', 'downloading', 'merging'),
    rows: collections.reduce((total, { rows }) => total + rows, 0),
    windows: collections.map(({ window }) => window),
  };
}

/** Nothing will move without a person: no week in line, or the collection does not run. */
const isAtRest = ({ state, weeks }: Collection): boolean => {
  const moving = (['creating', 'running', 'downloading', 'merging'] as const).some((name) => (weeks[name] ?? 0) > 0);
  if (state === 'running') return !moving && (weeks.planned ?? 0) === 0;
  return state === 'stopped' || !moving;
};

/** Weeks that did not arrive: failed, held, out of Amazon's reach, or of a collection that Amazon made us stop. */
export const countTroubled = (collections: readonly Collection[]): number =>
  collections.reduce(
    (sum, { state, weeks, weeksOutOfReach }) =>
      sum + weeks.failed + weeks.held + weeksOutOfReach + (state === 'stopped' ? weeks.planned : 0),
    0,
  );
