import type { Collection, CollectionDetail, CollectionEvent, Week } from '@amc-reports/collector-service/contract';

/** The list after an event: a collection is replaced in place, a new one goes first, as the collector lists the newest first. */
export function applyToList(list: Collection[], event: CollectionEvent): Collection[] {
  if (event.type !== 'collection') return list;
  const { collection } = event;
  return list.some(({ id }) => id === collection.id)
    ? list.map((old) => (old.id === collection.id ? collection : old))
    : [collection, ...list];
}

/** The detail after an event; events of other collections leave it as it is. */
export function applyToDetail(detail: CollectionDetail, event: CollectionEvent): CollectionDetail {
  if (event.type === 'collection') return event.collection.id === detail.id ? { ...detail, ...event.collection } : detail;
  return event.collectionId === detail.id ? { ...detail, weekList: withWeek(detail.weekList, event.week) } : detail;
}

const withWeek = (weeks: Week[], week: Week): Week[] => weeks.map((old) => (old.week === week.week ? week : old));
