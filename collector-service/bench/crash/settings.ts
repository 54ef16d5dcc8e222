import type { CollectSettings } from '../../src/engine/collect/settings.ts';

/** A few slots, so that both limits bind all the time. */
export const INSTANCE_LIMIT = 4;
export const ACCOUNT_LIMIT = 12;
/** Amazon's three minutes for an execution pass in three seconds: long enough for every slot to be wanted. */
export const TIME_FACTOR = 60;

export const workerSettings = (leaseMs: number): Partial<CollectSettings> => ({
  leaseMs,
  instanceLimit: INSTANCE_LIMIT,
  accountLimit: ACCOUNT_LIMIT,
});
