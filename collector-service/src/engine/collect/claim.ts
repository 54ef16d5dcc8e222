import type { Store } from '../../data/store/store.ts';
import { crashPoint } from '../../ground/crash-point.ts';
import type { ClaimedRun } from './run.ts';
import { claimPlanned, claimRunning, claimStep, type Lease } from './statements/claims.ts';
import { announce } from '../../ground/outbox/announce.ts';
import { weekChanged } from './events.ts';

/** A new execution may be bought: the run is `creating`, its slots are taken. */
export async function claimWeek(store: Store, lease: Lease): Promise<ClaimedRun | undefined> {
  const run = await store.transaction(async (tx) => {
    const claimed = await claimPlanned(tx, lease);
    if (claimed) {
      await announce(tx, [weekChanged(claimed)]);
      crashPoint('claim.beforeCommit');
    }
    return claimed;
  });
  if (run) crashPoint('claim.after');
  return run;
}

/** A run that was about to be created when its worker died or got no clear answer. Also of paused collections: what may have been bought is found. */
export const claimUnclear = (store: Store, lease: Lease): Promise<ClaimedRun | undefined> =>
  store.transaction((tx) => claimStep(tx, ['creating'], true, lease));

/** Every running week of one instance, for one look at Amazon's list. */
export const claimPoll = (store: Store, lease: Lease): Promise<ClaimedRun[]> => store.transaction((tx) => claimRunning(tx, lease));

/** A finished execution to download and merge; one whose worker died while merging starts over with the download. */
export const claimFinished = (store: Store, lease: Lease): Promise<ClaimedRun | undefined> =>
  store.transaction((tx) => claimStep(tx, ['downloading', 'merging'], false, lease));
