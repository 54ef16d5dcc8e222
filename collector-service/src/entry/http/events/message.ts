import { CollectorError } from '../../../contract/error.ts';
import type { Collection, CollectionDetail } from '../../../contract/collections.ts';
import type { CollectionEvent } from '../../../contract/events.ts';
import { classify } from '../../../data/store/errors.ts';
import type { Scope } from '../deps.ts';
import type { StoredEvent } from './statements.ts';

/** How what changed is looked up. What lies outside the scope does not exist: not_found. */
export interface Collections {
  list(scope: Scope): Promise<Collection[]>;
  detail(scope: Scope, id: string): Promise<CollectionDetail>;
}

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
 * A collection that is gone meanwhile, or cannot be described, gives nothing: the others go on.
 * @throws CollectorError database_unavailable, timed_out: the same events can be tried again
 */
export async function toMessages(
  events: readonly StoredEvent[],
  collections: Collections,
  onBroken: OnBroken,
): Promise<AddressedMessage[]> {
  const messages: AddressedMessage[] = [];
  for (const collectionId of new Set(events.map((event) => event.collectionId))) {
    const changes = events.filter((event) => event.collectionId === collectionId);
    const { workspaceId, instanceId } = changes[0]!;
    const detail = await collections.detail({ workspaceId, instanceIds: [instanceId] }, collectionId).catch((error: unknown) => {
      if (isAway(error)) throw error;
      onBroken(error, collectionId);
      return null;
    });
    if (!detail) continue;
    const changed = new Set(changes.map((event) => event.week));
    // What is done to a collection as a whole (cancelled, planned) may touch any of its weeks.
    const about = describe(detail, (week) => changed.has(week) || changed.has(null));
    messages.push(...about.map((message) => ({ ...message, workspaceId, instanceId })));
  }
  return messages;
}

export type OnBroken = (error: unknown, collectionId: string) => void;

const isAway = (thrown: unknown): boolean => {
  const error = classify(thrown);
  return error instanceof CollectorError && error.kind === 'transient';
};

/** Everything about the collections of a scope, for a listener whose past is not on record any more. */
export async function toFullState(scope: Scope, collections: Collections): Promise<Message[]> {
  const messages: Message[] = [];
  for (const { id } of await collections.list(scope)) {
    const detail = await collections.detail(scope, id).catch(nullWhenGone);
    if (detail) messages.push(...describe(detail, () => true));
  }
  return messages;
}

function describe(detail: CollectionDetail, wanted: (week: string) => boolean): Message[] {
  const weeks = detail.weekList.filter(({ week }) => wanted(week));
  const events: CollectionEvent[] = weeks.map((week) => ({ type: 'week', collectionId: detail.id, week }));
  return [...events, { type: 'collection' as const, collection: withoutWeeks(detail) }].map((event) => ({
    name: event.type,
    data: JSON.stringify(event),
  }));
}

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
