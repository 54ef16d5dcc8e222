import { z } from 'zod';
import { collectionSchema } from './collections.ts';
import type { Routes } from './route.ts';
import { id } from './scalars.ts';
import { weekSchema } from './weeks.ts';

/** Data of a server-sent event named `week` or `collection`. `id:` rises; Last-Event-ID replays what was missed. */
export const collectionEventSchema = z
  .discriminatedUnion('type', [
    z.strictObject({ type: z.literal('week'), collectionId: id, week: weekSchema }),
    z.strictObject({ type: z.literal('collection'), collection: collectionSchema }),
  ])
  .meta({ id: 'CollectionEvent' });

export const eventRoutes = {
  events: {
    method: 'get',
    path: '/v1/events',
    role: 'Viewer',
    budget: 'read',
    summary: 'Changes of collections and their weeks as they happen, as server-sent events',
    description:
      'Events are named `week` and `collection`; `id:` rises, and the header Last-Event-ID replays what was missed. ' +
      'An event tells what is now, so getting one twice does no harm; after a long absence everything is told.',
    status: 200,
    response: collectionEventSchema,
    stream: true,
    errors: ['invalid_request'],
  },
} as const satisfies Routes;

export type CollectionEvent = z.output<typeof collectionEventSchema>;
