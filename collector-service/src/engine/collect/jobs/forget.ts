import { z } from 'zod';
import type { Store } from '../../../data/store/store.ts';
import { defineJob } from '../../../ground/jobs/job.ts';
import { removeOldEvents } from '../../../ground/outbox/announce.ts';
import { removeOldDays } from '../statements/execution-days.ts';

/** Hours for which a stream of events can be taken up again. */
const KEEP_EVENTS_HOURS = 72;

/** Removes what collecting leaves behind and nobody will ask for: events that were told long ago, counts of executions of days gone by. */
export const forget = defineJob({
  name: 'collect.forget',
  data: z.object({}),
  cron: '7 * * * *',
  retry: { limit: 3, firstAfterSeconds: 60, atMostSeconds: 600 },
  handle: async (_, { store }: { store: Pick<Store, 'transaction'> }, { signal }) => {
    await store.transaction((tx) => removeOldEvents(tx, KEEP_EVENTS_HOURS), { signal });
    await store.transaction(removeOldDays, { signal });
  },
});
