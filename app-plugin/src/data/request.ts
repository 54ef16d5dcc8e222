import type { Api, Streams } from '@amc-reports/collector-service/contract';
import { config, getBackendSrv, type BackendSrvRequest } from '@grafana/runtime';
import { lastValueFrom } from 'rxjs';
import { Failure, toFailure } from './failure';

/** Longer than the collector's own deadline of 30 s, so that its answer wins. */
const DEADLINE_MS = 35_000;

type RequestOptions = Pick<BackendSrvRequest, 'method' | 'data'> & { signal?: AbortSignal };

/** Asks Grafana. No toast of Grafana's own: pages show errors in place, mutations declare theirs. @throws Failure */
export async function request<T>(url: string, { signal, ...options }: RequestOptions = {}): Promise<T> {
  const deadline = AbortSignal.timeout(DEADLINE_MS);
  const abortSignal = signal ? AbortSignal.any([signal, deadline]) : deadline;
  try {
    const answer = await lastValueFrom(
      getBackendSrv().fetch<T>({ url, showErrorAlert: false, showSuccessAlert: false, abortSignal, ...options }),
    );
    return answer.data;
  } catch (error) {
    if (deadline.aborted)
      throw new Failure({
        title: 'No answer in time',
        message: 'Nothing came back within 35 seconds.',
        remedy: 'Try again; if it stays so, check the collector’s health on the Home page.',
      });
    throw toFailure(error);
  }
}

/**
 * Asks the collector through the data source: `call(uid, 'post /v1/collections/{id}/pause', { params: { id } })`. What goes in and comes
 * back is typed by the contract, by method and path. @throws Failure
 */
export function call<K extends keyof Api>(
  uid: string,
  route: K,
  input: Api[K]['input'],
  options: Pick<RequestOptions, 'signal'> = {},
): Promise<Api[K]['response']> {
  const { params, query, body } = input as Partial<Record<'params' | 'query', Record<string, unknown>>> & { body?: unknown };
  const [method, path] = route.split(' ') as [string, string];
  return request(address(uid, path, params, query), {
    method: method.toUpperCase(),
    ...(body !== undefined && { data: body }),
    ...options,
  });
}

/** A stream of events, for the browser's own fetch, which does not know under which path Grafana is served. */
export const streamAddress = (uid: string, route: keyof Streams): string => config.appSubUrl + address(uid, route.slice('get '.length));

function address(uid: string, path: string, params: Record<string, unknown> = {}, query: Record<string, unknown> = {}): string {
  const filled = path.replace(/\{(\w+)\}/g, (_whole, name: string) => encodeURIComponent(String(params[name])));
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  const search = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return `/api/datasources/uid/${encodeURIComponent(uid)}/resources${filled}${search && `?${search}`}`;
}
