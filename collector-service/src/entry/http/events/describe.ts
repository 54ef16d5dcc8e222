import type { Logger } from 'pino';
import { CollectorError } from '../../../contract/error.ts';
import type { Collection, CollectionDetail } from '../../../contract/collections.ts';
import type { Event, ToldById } from '../../../contract/events.ts';
import { classify } from '../../../data/store/errors.ts';
import { collectionDetail, listCollections, type ReadContext } from '../../../engine/collect/collections/read.ts';
import type { AddressedMessage, Describer, Message } from '../../../ground/outbox/feed.ts';
import type { StoredEvent } from '../../../ground/outbox/read.ts';

export type DescribeDeps = Omit<ReadContext, 'scope'> & { readonly logger: Logger };

/** Collections and weeks are told as they are now, all else as its kind and id: who listens asks for the rest. */
export const describer = (deps: DescribeDeps): Describer => ({
  async describe(events) {
    const messages: AddressedMessage[] = [];
    const ofCollections = events.filter(({ kind }) => kind === 'collection' || kind === 'week');
    for (const id of new Set(ofCollections.map(collectionOf)))
      messages.push(
        ...(await describeCollection(
          deps,
          id,
          ofCollections.filter((event) => collectionOf(event) === id),
        )),
      );
    const others = events.filter((event) => !ofCollections.includes(event));
    const newest = new Map(others.map((event) => [`${event.kind} ${event.subject} ${event.instanceIds.join()}`, event]));
    return [...messages, ...[...newest.values()].map(toPointer)];
  },
  async everything(scope) {
    const ctx = { ...deps, scope };
    const messages: Message[] = [];
    for (const collection of await listCollections(ctx)) {
      const detail = await collectionDetail(ctx, collection).catch(nullWhenGone);
      if (detail) messages.push(...tell(detail, () => true));
    }
    return [...messages, toMessage({ type: 'missed' })];
  },
});

const collectionOf = ({ subject }: StoredEvent): string => subject.split('/')[0]!;

/**
 * The weeks of a collection that changed, then the collection itself, whose counts they moved. One that is gone meanwhile, or cannot
 * be described, gives nothing: the others go on.
 */
async function describeCollection(deps: DescribeDeps, id: string, events: readonly StoredEvent[]): Promise<AddressedMessage[]> {
  const { workspaceId, instanceIds } = events[0]!;
  const detail = await collectionDetail({ ...deps, scope: { workspaceId, instanceIds } }, { id }).catch((error: unknown) => {
    if (isAway(error)) throw error;
    if (!isGone(error)) deps.logger.error({ err: error, collection: id }, 'A change of a collection could not be told to its listeners.');
    return null;
  });
  if (!detail) return [];
  const changed = new Set(events.map(({ subject }) => subject.split('/')[1] ?? null));
  // What is done to a collection as a whole (cancelled, planned) may touch any of its weeks.
  return tell(detail, (week) => changed.has(week) || changed.has(null)).map((message) => ({ ...message, workspaceId, instanceIds }));
}

function tell(detail: CollectionDetail, wanted: (week: string) => boolean): Message[] {
  const weeks = detail.weekList.filter(({ week }) => wanted(week));
  return [
    ...weeks.map((week) => toMessage({ type: 'week', collectionId: detail.id, week })),
    toMessage({ type: 'collection', collection: withoutWeeks(detail) }),
  ];
}

function withoutWeeks({ weekList: _weekList, timeZone: _timeZone, ...collection }: CollectionDetail): Collection {
  return collection;
}

const toMessage = (event: Event): Message => ({ name: event.type, data: JSON.stringify(event) });

const toPointer = ({ kind, subject, workspaceId, instanceIds }: StoredEvent): AddressedMessage => ({
  ...toMessage({ type: kind as ToldById, id: subject }),
  workspaceId,
  instanceIds,
});

const isAway = (thrown: unknown): boolean => {
  const error = classify(thrown);
  return error instanceof CollectorError && error.kind === 'transient';
};

const isGone = (error: unknown): boolean => error instanceof CollectorError && error.code === 'not_found';

function nullWhenGone(error: unknown): null {
  if (isGone(error)) return null;
  throw error;
}
