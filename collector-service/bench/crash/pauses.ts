import { setTimeout as sleep } from 'node:timers/promises';
import { pauseCollection } from '../../src/engine/collect/collections/pause.ts';
import { resumeCollection } from '../../src/engine/collect/collections/resume.ts';
import { patiently } from './patience.ts';
import type { Random } from './random.ts';
import type { Timeline } from './timeline.ts';
import type { World, WorldCollection } from './world.ts';

/** By the database's clock: from the commit of the pause to just before the resume. */
export interface Pause {
  collection: WorldCollection;
  from: Date;
  to: Date;
}

const BETWEEN_MS = 2_000;

/** Pauses one collection after the other for a few leases, as a person might at any moment. */
export function startPauses(world: World, random: Random, leaseMs: number, timeline: Timeline): { stop(): Promise<Pause[]> } {
  const pauses: Pause[] = [];
  let stopped = false;
  const now = async (): Promise<Date> =>
    (await patiently(() => world.store.pool.query<{ at: Date }>('SELECT clock_timestamp() AS at'))).rows[0]!.at;
  const running = (async () => {
    while (!stopped) {
      await sleep(BETWEEN_MS);
      const collection = random.pick(world.collections);
      await patiently(() => pauseCollection(world.context(), collection));
      const from = await now();
      timeline.note('pause', { collection: collection.id });
      await sleep(2.5 * leaseMs);
      const to = await now();
      await patiently(() => resumeCollection(world.context(), collection));
      timeline.note('resume', { collection: collection.id });
      pauses.push({ collection, from, to });
    }
    return pauses;
  })();
  running.catch(() => undefined);
  return {
    stop: () => {
      stopped = true;
      return running;
    },
  };
}
