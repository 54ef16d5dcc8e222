import { useQuery } from '@tanstack/react-query';
import { useDatasourceUid } from './datasource';
import { keys } from './keys';
import { call } from './request';

/** The schedules whose instances the caller may all see. */
export function useSchedules() {
  const uid = useDatasourceUid();
  return useQuery({
    queryKey: keys.schedules(uid),
    queryFn: async ({ signal }) => (await call(uid, 'get /v1/schedules', {}, { signal })).schedules,
  });
}

/** Schedules ready to be made. They come with the collector, so they do not change while it runs. */
export function useScheduleTemplates() {
  const uid = useDatasourceUid();
  return useQuery({
    queryKey: keys.scheduleTemplates(uid),
    queryFn: async ({ signal }) => (await call(uid, 'get /v1/schedule-templates', {}, { signal })).templates,
    staleTime: Infinity,
  });
}
