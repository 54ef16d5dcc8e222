import type { Collection, CollectionDetail, CollectionEvent, Event } from '@amc-reports/collector-service/contract';
import type { QueryClient } from '@tanstack/react-query';
import { applyToDetail, applyToList } from './apply-event';
import { keys } from './keys';
import { remember } from './recent-events';
import { streamAddress } from './request';

/** Where the server-sent events of collections and weeks come from. */
export const eventsAddress = (uid: string): string => streamAddress(uid, 'get /v1/events');

const KNOWN: ReadonlyArray<Event['type']> = ['week', 'collection', 'schedule', 'held_run', 'missed'];

/** Reads one event's data; anything else than an event of ours gives null, so that a newer collector may say more. */
export function readEvent(data: string): Event | null {
  try {
    const event = JSON.parse(data) as Event | null;
    return event && KNOWN.includes(event.type) ? event : null;
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

/** A schedule changed, or is new or gone: collections say which one keeps them up to date. */
export const refreshSchedules = (client: QueryClient, uid: string): Promise<unknown> =>
  Promise.all([client.invalidateQueries({ queryKey: keys.schedules(uid) }), refreshCollections(client, uid)]);

/** What may have changed unseen while no events came. */
export const refreshCollections = (client: QueryClient, uid: string): Promise<void[]> =>
  Promise.all([keys.collections(uid), keys.everyCollection(uid)].map((queryKey) => client.invalidateQueries({ queryKey })));
