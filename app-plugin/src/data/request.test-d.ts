import type { Collection, CollectionDetail } from '@amc-reports/collector-service/contract';
import { call, streamAddress } from './request';

/** Read by the compiler alone: each line below an @ts-expect-error must not compile. */
export const right: [Promise<Collection>, Promise<CollectionDetail>, string] = [
  call('uid', 'post /v1/collections', { body: { instance: 'amc1', dataset: 'campaign_performance' } }),
  call('uid', 'get /v1/collections/{id}', { params: { id: '1' } }, { signal: new AbortController().signal }),
  streamAddress('uid', 'get /v1/events'),
];

// @ts-expect-error a path that no route has
void call('uid', 'get /v1/collection/{id}', { params: { id: '1' } });
// @ts-expect-error a method that the path does not have
void call('uid', 'delete /v1/collections/{id}', { params: { id: '1' } });
// @ts-expect-error a param is missing
void call('uid', 'get /v1/collections/{id}', {});
// @ts-expect-error the body lacks its dataset
void call('uid', 'post /v1/collections', { body: { instance: 'amc1' } });
// @ts-expect-error a query where the route takes none
void call('uid', 'get /v1/collections', { query: { state: 'running' } });
// @ts-expect-error a stream is no call
void call('uid', 'get /v1/events', {});
// @ts-expect-error a call is no stream
streamAddress('uid', 'get /v1/health');
// @ts-expect-error another answer than the route's
export const wrong: Promise<CollectionDetail> = call('uid', 'post /v1/collections/{id}/pause', { params: { id: '1' } });
