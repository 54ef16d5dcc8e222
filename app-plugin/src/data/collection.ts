import type { ChooseSchedule, CollectionDetail } from '@amc-reports/collector-service/contract';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { usePollInterval } from '../live/live-state';
import { shortNoun } from '../wording/windows';
import { applyToDetail } from './apply-event';
import { useDatasourceUid } from './datasource';
import { applyEvent } from './events';
import { keys } from './keys';
import { readAndCatchUp } from './recent-events';
import { call } from './request';

/** A collection with all its weeks. */
export function useCollection(id: string) {
  const uid = useDatasourceUid();
  return useQuery({
    queryKey: keys.collection(uid, id),
    queryFn: ({ signal }) =>
      readAndCatchUp(uid, () => call(uid, 'get /v1/collections/{id}', { params: { id } }, { signal }), applyToDetail),
    refetchInterval: usePollInterval(),
  });
}

export type CollectionAction = 'pause' | 'resume' | 'cancel';

const WORDS = {
  pause: { success: 'The collection is paused', failure: 'The collection could not be paused' },
  resume: { success: 'The collection goes on', failure: 'The collection could not be resumed' },
  cancel: { success: 'The collection is cancelled; its data stays', failure: 'The collection could not be cancelled' },
} as const satisfies Record<CollectionAction, { success: string; failure: string }>;

/** Pauses, resumes or cancels a collection. */
export function useCollectionAction(id: string, action: CollectionAction) {
  const uid = useDatasourceUid();
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => call(uid, `post /v1/collections/{id}/${action}`, { params: { id } }),
    meta: WORDS[action],
    onSuccess: (collection) => applyEvent(client, uid, { type: 'collection', collection }),
    onSettled: () =>
      Promise.all([keys.collection(uid, id), keys.collections(uid)].map((queryKey) => client.invalidateQueries({ queryKey }))),
  });
}

/** Has a schedule keep the collection up to date. The dialogue shows the failure in place. */
export function useScheduleCollection(id: string) {
  const uid = useDatasourceUid();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: ChooseSchedule) => call(uid, 'post /v1/collections/{id}/schedule', { params: { id }, body }),
    meta: { success: 'The collection is kept up to date from now on' },
    onSuccess: (collection) => applyEvent(client, uid, { type: 'collection', collection }),
    onSettled: () => client.invalidateQueries({ queryKey: keys.schedules(uid) }),
  });
}

type Known = Pick<CollectionDetail, 'id' | 'window'>;

/** Collects a week, or other window, again; dashboards keep what they show until the new run is accepted. */
export function useRetryWeek({ id: collectionId, window }: Known) {
  const noun = shortNoun(window);
  const uid = useDatasourceUid();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (week: string) => call(uid, 'post /v1/collections/{id}/weeks/{week}/retry', { params: { id: collectionId, week } }),
    meta: { success: `The ${noun} is planned again`, failure: `The ${noun} could not be planned again` },
    onSuccess: (week) => applyEvent(client, uid, { type: 'week', collectionId, week }),
    onSettled: () => client.invalidateQueries({ queryKey: keys.collection(uid, collectionId) }),
  });
}

/** Says that what dashboards show of a doubtful week is right. */
export function useConfirmWeek({ id: collectionId, window }: Known) {
  const noun = shortNoun(window);
  const uid = useDatasourceUid();
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ week, reason }: { week: string; reason: string }) =>
      call(uid, 'post /v1/collections/{id}/weeks/{week}/confirm', { params: { id: collectionId, week }, body: { reason } }),
    meta: { success: `The ${noun} is confirmed`, failure: `The ${noun} could not be confirmed` },
    onSuccess: (week) => applyEvent(client, uid, { type: 'week', collectionId, week }),
    onSettled: () => client.invalidateQueries({ queryKey: keys.collection(uid, collectionId) }),
  });
}
