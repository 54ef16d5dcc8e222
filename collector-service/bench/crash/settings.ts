import { TEST_SETTINGS } from '../../src/collect/testing/collector.ts';
import type { CollectSettings } from '../../src/collect/settings.ts';

/** Amazon's three minutes for an execution pass in 0.4 s; a few slots, so that both limits bind all the time. */
export const INSTANCE_LIMIT = 4;
export const ACCOUNT_LIMIT = 12;
export const TIME_FACTOR = TEST_SETTINGS.timeFactor;

export const workerSettings = (leaseMs: number): Partial<CollectSettings> => ({
  leaseMs,
  instanceLimit: INSTANCE_LIMIT,
  accountLimit: ACCOUNT_LIMIT,
});
