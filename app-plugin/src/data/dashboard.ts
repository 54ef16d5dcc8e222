import { useQuery } from '@tanstack/react-query';
import { keys } from './keys';
import { request } from './request';

interface SearchHit {
  readonly uid: string;
  /** Path with the path Grafana is served under. */
  readonly url: string;
  readonly title: string;
}

/** A dashboard by its UID, or null when this Grafana has none that the person may see. */
export function useDashboard(uid: string) {
  return useQuery({
    queryKey: keys.dashboard(uid),
    queryFn: async ({ signal }) =>
      (await request<SearchHit[]>(`/api/search?type=dash-db&dashboardUIDs=${encodeURIComponent(uid)}`, { signal }))[0] ?? null,
    staleTime: 60_000,
  });
}
