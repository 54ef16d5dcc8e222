import type { Pause } from './pauses.ts';
import type { Sold } from './truth.ts';
import { expectNone, Violation } from './violation.ts';
import type { World } from './world.ts';

/**
 * I8: from one lease after the pause's commit until the resume nothing is claimed for buying and nothing is bought, neither by our
 * record nor by the sandbox's.
 */
export async function pauseLetThrough(world: World, sold: readonly Sold[], pauses: readonly Pause[], leaseMs: number): Promise<void> {
  for (const { collection, from, to } of pauses) {
    const since = new Date(from.getTime() + leaseMs);
    const { rows } = await world.store.pool.query<{ run_id: string; at: Date }>(
      `SELECT run_id, at FROM crash_changes WHERE collection_id = $1 AND from_state = 'planned' AND to_state = 'creating' AND at > $2 AND at < $3`,
      [collection.id, since, to],
    );
    expectNone('I8', `weeks of paused collection ${collection.id} were claimed`, rows);
  }
  const { rows: owners } = await world.store.pool.query<{ execution: string; collection: string; at: Date }>(
    `SELECT DISTINCT ON (execution_id) execution_id AS execution, collection_id AS collection, at FROM crash_changes
     WHERE execution_id IS NOT NULL ORDER BY execution_id, id`,
  );
  const bought = new Set(sold.map((each) => each.workflowExecutionId));
  const unsold = owners.find((owner) => !bought.has(owner.execution));
  if (unsold) throw new Violation('I5', `execution ${unsold.execution} is in our records, and the sandbox never sold it`);
}
