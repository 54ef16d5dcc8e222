import type { Health } from '@amc-reports/collector-service/contract';
import { useQuery } from '@tanstack/react-query';
import { Failure } from './failure';
import { keys } from './keys';
import { call, request } from './request';

interface CheckedHop {
  /** settings, connection, token and identity are the plugin's own; behind them stand the collector's. */
  readonly hop: string;
  readonly status: 'ok' | 'degraded' | 'failed' | 'unknown';
  readonly message: string;
  readonly remedy: string | null;
}

/** What the data source's own health check says. */
export interface DatasourceHealth {
  readonly status: 'OK' | 'ERROR' | 'UNKNOWN';
  readonly message: string;
  readonly details?: { readonly hops?: readonly CheckedHop[] };
}

const EVERY_MS = 15_000;

/** The collector's health, hop by hop. */
export function useHealth(uid: string) {
  return useQuery({
    queryKey: keys.health(uid),
    queryFn: ({ signal }) => call(uid, 'get /v1/health', {}, { signal }).catch(orReport<Health>('hops')),
    refetchInterval: EVERY_MS,
  });
}

/** The data source's health check, as its "Save & test" would say it. */
export function useDatasourceHealth(uid: string) {
  return useQuery({
    queryKey: keys.datasourceHealth(uid),
    queryFn: ({ signal }) =>
      request<DatasourceHealth>(`/api/datasources/uid/${encodeURIComponent(uid)}/health`, { signal }).catch(
        orReport<DatasourceHealth>('details'),
      ),
    refetchInterval: EVERY_MS,
  });
}

/** Ill health is reported with a status of failure (400 by Grafana, 503 by the collector), but the report is an answer. */
const orReport =
  <T>(field: keyof T & string) =>
  (error: unknown): T => {
    if (error instanceof Failure && typeof error.body === 'object' && error.body !== null && field in error.body) return error.body as T;
    throw error;
  };
