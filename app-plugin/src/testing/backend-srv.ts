import type { BackendSrv, BackendSrvRequest, FetchError, FetchResponse } from '@grafana/runtime';
import { from, type Observable } from 'rxjs';

const ORIGIN = 'http://localhost';

/** As Grafana's own: parsed answers, and failures thrown as FetchError. Only what the app uses. */
async function send(config: BackendSrvRequest): Promise<FetchResponse<unknown>> {
  const { url, method = 'GET', data, abortSignal } = config;
  let answer: Response;
  try {
    answer = await fetch(ORIGIN + url, {
      method,
      ...(data !== undefined && { body: JSON.stringify(data), headers: { 'Content-Type': 'application/json' } }),
      ...(abortSignal && { signal: abortSignal }),
    });
  } catch (cause) {
    throw { status: undefined, statusText: String(cause), data: {}, config, cancelled: abortSignal?.aborted ?? false };
  }
  const text = await answer.text();
  const parsed = { status: answer.status, statusText: answer.statusText, data: parse(text), config };
  if (!answer.ok) throw parsed satisfies FetchError;
  return { ...parsed, ok: true, headers: answer.headers, redirected: false, type: 'basic', url };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return { message: text };
  }
}

export const testBackendSrv = {
  fetch: (config: BackendSrvRequest): Observable<FetchResponse<unknown>> => from(send(config)),
} as unknown as BackendSrv;
