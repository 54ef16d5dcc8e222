import { CollectorError } from '../../contract/error.ts';
import type { Collection, CollectionDetail, CollectionEvent } from '../../contract/resources.ts';
import type { Collections } from '../deps.ts';
import type { StoredEvent } from './statements.ts';

/** An event as it goes out. */
export interface Message {
  readonly name: CollectionEvent['type'];
  readonly data: string;
}

/** With whom it may go to. Made once, whatever the number of listeners. */
export interface AddressedMessage extends Message {
  readonly workspaceId: string;
  readonly instanceId: string;
}

/**
 * What changed, as it is now: the weeks of each collection that changed, then the collection itself, whose counts they moved.
 * A collection that is gone meanwhile gives nothing.
 */
export async function toMessages(events: readonly StoredEvent[], collections: Collections): Promise<AddressedMessage[]> {
  const messages: AddressedMessage[] = [];
  for (const collectionId of new Set(events.map((event) => event.collectionId))) {
    const changes = events.filter((event) => event.collectionId === collectionId);
    const { workspaceId, instanceId } = changes[0]!;
    const detail = await collections.detail({ workspaceId, instanceIds: [instanceId] }, collectionId).catch(nullWhenGone);
    if (!detail) continue;
    const changed = new Set(changes.map((event) => event.week));
    const weeks = detail.weekList.filter(({ week }) => changed.has(week)).map((week): CollectionEvent => ({ type: 'week', collectionId, week }));
    const about = [...weeks.map(toMessage), toCollectionMessage(withoutWeeks(detail))];
    messages.push(...about.map((message) => ({ ...message, workspaceId, instanceId })));
  }
  return messages;
}

const toMessage = (event: CollectionEvent): Message => ({ name: event.type, data: JSON.stringify(event) });
export const toCollectionMessage = (collection: Collection): Message => toMessage({ type: 'collection', collection });

function withoutWeeks({ weekList: _weekList, timeZone: _timeZone, ...collection }: CollectionDetail): Collection {
  return collection;
}

function nullWhenGone(error: unknown): null {
  if (error instanceof CollectorError && error.code === 'not_found') return null;
  throw error;
}

/**
 * Messages as server-sent events. Only the last carries the id to resume from: a connection that breaks in between gets them all again,
 * which does no harm, since each tells what is now and not what was done.
 */
export const toEventStream = (messages: readonly Message[], resumeFrom: number): string =>
  messages
    .map(({ name, data }, index) => `${index === messages.length - 1 ? `id: ${resumeFrom}\n` : ''}event: ${name}\ndata: ${data}\n\n`)
    .join('');
