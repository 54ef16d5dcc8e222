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

const resources = (uid: string): string => `/api/datasources/uid/${encodeURIComponent(uid)}/resources/v1`;

/** Asks the collector through the data source. `path` begins with a slash and stands below /v1. @throws Failure */
export const ask = <T>(uid: string, path: string, options?: RequestOptions): Promise<T> => request<T>(resources(uid) + path, options);

/** For the browser's own fetch, which does not know under which path Grafana is served. */
export const resourceAddress = (uid: string, path: string): string => `${config.appSubUrl}${resources(uid)}${path}`;
