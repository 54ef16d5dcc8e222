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
