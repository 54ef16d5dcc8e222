import type { CollectDeps } from './deps.ts';
import type { ClaimedRun } from './run.ts';
import type { Tx } from '../../ground/database.ts';
import { announce } from '../../ground/outbox/announce.ts';
import { weekChanged } from './events.ts';

/** A state change of a run and its event, in one transaction. Silent: nothing changed that a person can see. */
export async function write(
  deps: Pick<CollectDeps, 'store'>,
  run: ClaimedRun,
  change: (tx: Tx) => Promise<void>,
  { silent = false }: { silent?: boolean } = {},
): Promise<void> {
  await deps.store.transaction(async (tx) => {
    await change(tx);
    if (!silent) await announce(tx, [weekChanged(run)]);
  });
}
