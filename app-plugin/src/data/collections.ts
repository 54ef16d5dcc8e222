import type { Collection, CreateCollectionInput } from '@amc-reports/collector-service/contract';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { usePollInterval } from '../live/live-state';
import { applyToList } from './apply-event';
import { useDatasourceUid } from './datasource';
import { keys } from './keys';
import { readAndCatchUp } from './recent-events';
import { call } from './request';

/** Every collection that the data source's token may see. */
export function useCollections() {
  const uid = useDatasourceUid();
  return useQuery({
    queryKey: keys.collections(uid),
    queryFn: ({ signal }) =>
      readAndCatchUp(uid, async () => (await call(uid, 'get /v1/collections', {}, { signal })).collections, applyToList),
    refetchInterval: usePollInterval(),
  });
}

/** Starts a collection. The form shows the failure in place. */
export function useCreateCollection() {
  const uid = useDatasourceUid();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: CreateCollectionInput) => call(uid, 'post /v1/collections', { body }),
    meta: { success: 'The collection has started' },
    onSuccess: (collection) => {
      client.setQueryData<Collection[]>(keys.collections(uid), (list) => list && applyToList(list, { type: 'collection', collection }));
      for (const queryKey of [keys.collections(uid), keys.schedules(uid)]) void client.invalidateQueries({ queryKey });
    },
  });
}
