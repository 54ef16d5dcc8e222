import type { Collection, CollectionList, CreateCollectionInput } from '@amc-reports/collector-service/contract';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { usePollInterval } from '../live/live-state';
import { applyToList } from './apply-event';
import { useDatasourceUid } from './datasource';
import { keys } from './keys';
import { readAndCatchUp } from './recent-events';
import { ask } from './request';

/** Every collection that the data source's token may see. */
export function useCollections() {
  const uid = useDatasourceUid();
  return useQuery({
    queryKey: keys.collections(uid),
    queryFn: ({ signal }) =>
      readAndCatchUp(uid, async () => (await ask<CollectionList>(uid, '/collections', { signal })).collections, applyToList),
    refetchInterval: usePollInterval(),
  });
}

/** Starts a collection. The form shows the failure in place. */
export function useCreateCollection() {
  const uid = useDatasourceUid();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: CreateCollectionInput) => ask<Collection>(uid, '/collections', { method: 'POST', data: input }),
    meta: { success: 'The collection has started' },
    onSuccess: (collection) => {
      client.setQueryData<Collection[]>(keys.collections(uid), (list) => list && applyToList(list, { type: 'collection', collection }));
      void client.invalidateQueries({ queryKey: keys.collections(uid) });
    },
  });
}
