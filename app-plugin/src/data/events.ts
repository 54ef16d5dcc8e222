import type { Collection, CollectionDetail, CollectionEvent } from '@amc-reports/collector-service/contract';
import type { QueryClient } from '@tanstack/react-query';
import { applyToDetail, applyToList } from './apply-event';
import { keys } from './keys';
import { remember } from './recent-events';
import { streamAddress } from './request';

/** Where the server-sent events of collections and weeks come from. */
export const eventsAddress = (uid: string): string => streamAddress(uid, 'get /v1/events');

/** Reads one event's data; anything else than an event of ours gives null, so that a newer collector may say more. */
export function readEvent(data: string): CollectionEvent | null {
  try {
    const event = JSON.parse(data) as CollectionEvent | null;
    return event?.type === 'week' || event?.type === 'collection' ? event : null;
  } catch {
    return null;
  }
}

/** Puts what changed where the pages read it. */
export function applyEvent(client: QueryClient, uid: string, event: CollectionEvent): void {
  remember(uid, event);
  const id = event.type === 'week' ? event.collectionId : event.collection.id;
  client.setQueryData<CollectionDetail>(keys.collection(uid, id), (detail) => detail && applyToDetail(detail, event));
  client.setQueryData<Collection[]>(keys.collections(uid), (list) => list && applyToList(list, event));
}

/** What may have changed unseen while no events came. */
export const refreshCollections = (client: QueryClient, uid: string): Promise<void[]> =>
  Promise.all([keys.collections(uid), keys.everyCollection(uid)].map((queryKey) => client.invalidateQueries({ queryKey })));
