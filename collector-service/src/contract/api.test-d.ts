import type { Api, Streams } from './api.ts';
import type { Collection } from './collections.ts';
import type { Routes } from './route.ts';

/** Read by the compiler alone: each line below an @ts-expect-error must not compile. */
type Input<K extends keyof Api> = Api[K]['input'];

export const inputs = [
  { params: { id: '1' } } satisfies Input<'post /v1/collections/{id}/pause'>,
  { query: { kind: 'added', limit: 5 }, params: { runId: '1' } } satisfies Input<'get /v1/held-runs/{runId}/rows'>,
  {} satisfies Input<'get /v1/audit'>,
  { body: { instance: 'amc1', dataset: 'campaign_performance' } } satisfies Input<'post /v1/collections'>,
  // @ts-expect-error a param is missing
  {} satisfies Input<'post /v1/collections/{id}/pause'>,
  // @ts-expect-error a param has another name
  { params: { runId: '1' } } satisfies Input<'post /v1/collections/{id}/pause'>,
  // @ts-expect-error a query parameter that must be there is missing
  { params: { runId: '1' } } satisfies Input<'get /v1/held-runs/{runId}/rows'>,
  // @ts-expect-error a number as text: what is sent is made text by the client
  { query: { limit: 'all' } } satisfies Input<'get /v1/audit'>,
  // @ts-expect-error the body lacks its dataset
  { body: { instance: 'amc1' } } satisfies Input<'post /v1/collections'>,
  // @ts-expect-error a body where none is read
  { params: { id: '1' }, body: {} } satisfies Input<'post /v1/collections/{id}/pause'>,
];

declare const paused: Api['post /v1/collections/{id}/pause']['response'];
export const answers = [
  paused satisfies Collection,
  // @ts-expect-error a collection has no weekList; its detail has
  paused.weekList,
];

// @ts-expect-error another method
export type NoSuchMethod = Api['get /v1/collections/{id}/pause'];
// @ts-expect-error a stream is no call
export type NoCall = Api['get /v1/events'];
export type Event = Streams['get /v1/events'];

export const mistaken = {
  // @ts-expect-error a declaration without a role
  pauseEverything: { method: 'post', path: '/v1/pause', budget: 'write', summary: '', status: 200, response: undefined!, errors: [] },
} satisfies Routes;
