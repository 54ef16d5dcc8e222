import type { Store } from '../../data/store/store.ts';
import { AMAZON_ACCOUNT_LIMIT, AMAZON_INSTANCE_LIMIT } from './settings.ts';
import { accountsAndInstances, growAccountSlots, growInstanceSlots, shrinkAccountSlots, shrinkInstanceSlots } from './statements/slots.ts';
import type { Tx } from '../../ground/database.ts';

export interface SlotLimits {
  instanceLimit: number;
  accountLimit: number;
}

/**
 * Gives every account and instance exactly as many slots as executions may be in flight. Slots are rows, so the limit holds across
 * processes and crashes. A lower limit takes effect at once for new executions: free slots go, occupied ones above the limit are
 * retired (their number turns negative) and vanish when their execution ends, and until then nothing new is claimed there.
 */
export async function ensureSlots(store: Store, limits: SlotLimits): Promise<void> {
  await store.transaction(async (tx) => {
    for (const { accountId, instanceIds } of await accountsAndInstances(tx)) {
      await ensureAccountSlots(tx, accountId, limits.accountLimit);
      for (const instanceId of instanceIds) await ensureInstanceSlots(tx, instanceId, limits.instanceLimit);
    }
  });
}

export async function ensureAccountSlots(tx: Tx, accountId: string, limit: number): Promise<void> {
  const slots = clamp(limit, AMAZON_ACCOUNT_LIMIT);
  await shrinkAccountSlots(tx, accountId, slots);
  await growAccountSlots(tx, accountId, slots);
}

export async function ensureInstanceSlots(tx: Tx, instanceId: string, limit: number): Promise<void> {
  const slots = clamp(limit, AMAZON_INSTANCE_LIMIT);
  await shrinkInstanceSlots(tx, instanceId, slots);
  await growInstanceSlots(tx, instanceId, slots);
}

const clamp = (limit: number, most: number): number => Math.max(1, Math.min(most, Math.floor(limit)));
