import { useQuery } from '@tanstack/react-query';
import { useDatasourceUid } from './datasource';
import { keys } from './keys';
import { call } from './request';

/** Which datasets can be collected, for which instances. Changes only when somebody configures the collector. */
export function useCatalogue() {
  const uid = useDatasourceUid();
  return useQuery({
    queryKey: keys.catalogue(uid),
    queryFn: ({ signal }) => call(uid, 'get /v1/catalogue', {}, { signal }),
    staleTime: 60_000,
  });
}

/** Which weeks, months or other windows of a dataset Amazon has complete for an instance now; asked when both are chosen. */
export function useCollectableWindows(instance: string | null, dataset: string | null) {
  const uid = useDatasourceUid();
  return useQuery({
    queryKey: keys.collectable(uid, instance ?? '', dataset ?? ''),
    queryFn: ({ signal }) =>
      call(uid, 'get /v1/collectable-windows', { query: { instance: instance ?? '', dataset: dataset ?? '' } }, { signal }),
    enabled: instance !== null && dataset !== null,
    staleTime: 60_000,
  });
}
