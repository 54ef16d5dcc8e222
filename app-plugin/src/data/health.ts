import type { Health } from '@amc-reports/collector-service/contract';
import { useQuery } from '@tanstack/react-query';
import { Failure } from './failure';
import { keys } from './keys';
import { ask, request } from './request';

/** What the data source's own health check says. */
export interface DatasourceHealth {
  readonly status: 'OK' | 'ERROR' | 'UNKNOWN';
  readonly message: string;
}

const EVERY_MS = 15_000;

/** The collector's health, hop by hop. */
export function useHealth(uid: string) {
  return useQuery({
    queryKey: keys.health(uid),
    queryFn: ({ signal }) => ask<Health>(uid, '/health', { signal }),
    refetchInterval: EVERY_MS,
  });
}

/** The data source's health check, as its "Save & test" would say it. An unhealthy data source is an answer, not a failure. */
export function useDatasourceHealth(uid: string) {
  return useQuery({
    queryKey: keys.datasourceHealth(uid),
    queryFn: ({ signal }) => checkDatasource(uid, signal),
    refetchInterval: EVERY_MS,
  });
}

/** Grafana answers 400 when the check itself says ERROR. @throws Failure when the check could not be made */
async function checkDatasource(uid: string, signal: AbortSignal): Promise<DatasourceHealth> {
  try {
    return await request<DatasourceHealth>(`/api/datasources/uid/${encodeURIComponent(uid)}/health`, { signal });
  } catch (error) {
    if (error instanceof Failure && error.status === 400) return { status: 'ERROR', message: error.message };
    throw error;
  }
}
