import { z } from 'zod';
import { collectionSchema } from './collections.ts';
import type { Routes } from './route.ts';
import { id } from './scalars.ts';
import { weekSchema } from './weeks.ts';

/** Kinds of things that are told by their id: who listens asks for what they are now. A new kind is listed here and announced, no more. */
const TOLD_BY_ID = ['schedule', 'held_run'] as const;
/** What events are about. */
export const EVENT_KINDS = ['collection', 'week', ...TOLD_BY_ID] as const;

/** Data of a server-sent event, which is named by its `type`. `id:` rises; Last-Event-ID replays what was missed. */
export const eventSchema = z
  .discriminatedUnion('type', [
    z.strictObject({ type: z.literal('week'), collectionId: id, week: weekSchema }),
    z.strictObject({ type: z.literal('collection'), collection: collectionSchema }),
    z.strictObject({ type: z.enum(TOLD_BY_ID), id }),
    z.strictObject({
      type: z.literal('missed').describe('What happened to things told by their id is on record no more: ask for them again'),
    }),
  ])
  .meta({ id: 'Event' });

const kinds = z
  .string()
  .transform((text) => text.split(','))
  .pipe(z.array(z.enum(EVENT_KINDS)))
  .describe(`What to hear of, separated by commas: ${EVENT_KINDS.join(', ')}; everything when left out`);

export const eventRoutes = {
  events: {
    method: 'get',
    path: '/v1/events',
    role: 'Viewer',
    budget: 'read',
    summary: 'What changes, as it happens, as server-sent events',
    description:
      'Events are named by their kind; `id:` rises, and the header Last-Event-ID replays what was missed. ' +
      'An event tells what is now, so getting one twice does no harm; after a long absence every collection is told. ' +
      'Who sees all instances that a thing is about hears of it.',
    query: z.strictObject({ kinds: kinds.optional() }),
    status: 200,
    response: eventSchema,
    stream: true,
    errors: ['invalid_request'],
  },
} as const satisfies Routes;

export type EventKind = (typeof EVENT_KINDS)[number];
export type ToldById = (typeof TOLD_BY_ID)[number];
export type Event = z.output<typeof eventSchema>;
/** Of the kinds that are told whole. */
export type CollectionEvent = Extract<Event, { type: 'week' | 'collection' }>;
