import type { CollectDeps } from './deps.ts';
import type { ClaimedRun, Tx } from './run.ts';
import { announce } from './statements/events.ts';

/** A state change of a run and its event, in one transaction. Silent: nothing changed that a person can see. */
export async function write(
  deps: Pick<CollectDeps, 'store'>,
  run: ClaimedRun,
  change: (tx: Tx) => Promise<void>,
  { silent = false }: { silent?: boolean } = {},
): Promise<void> {
  await deps.store.transaction(async (tx) => {
    await change(tx);
    if (!silent) await announce(tx, [run]);
  });
}
