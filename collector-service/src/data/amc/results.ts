import { request, type Dispatcher } from 'undici';
import { z } from 'zod';
import { CollectorError } from '../../contract/error.ts';
import { unpack } from '../resultfile/unpack.ts';
import { connectionFailure } from './connection-failure.ts';
import { refusal } from './refusal.ts';
import { header, readReply } from './reply.ts';
import { reportingPath } from './reporting-path.ts';
import type { AmcInstanceRef, Transport } from './transport.ts';

/** A part of a result, on its way. Read it to the end or abort the signal. */
export interface ResultPart {
  readonly body: AsyncIterable<Uint8Array>;
  /** Bytes announced; null when the server does not say. */
  readonly contentLength: number | null;
}

export interface DownloadOptions {
  readonly apiUrl: string;
  readonly dispatcher: Dispatcher;
  /** Until the first byte, and between two pieces. */
  readonly idleTimeoutMs: number;
  /** For a whole part. */
  readonly totalTimeoutMs: number;
  readonly now: () => number;
}

const urlsSchema = z.object({ downloadUrls: z.array(z.string().min(1)) });

/**
 * Fresh addresses of a finished execution's result, one per part; they expire after ten minutes (reference/amc.md §3.5).
 * @throws CollectorError amc_not_ready while there is no result yet
 */
export async function resultUrls(
  transport: Transport,
  instance: AmcInstanceRef,
  executionId: string,
  signal: AbortSignal,
): Promise<string[]> {
  const { downloadUrls } = await transport.send(
    {
      what: `Asking for the result of execution ${executionId}`,
      method: 'GET',
      path: reportingPath(instance, 'workflowExecutions', executionId, 'downloadUrls'),
      account: instance,
      answer: urlsSchema,
    },
    signal,
  );
  if (downloadUrls.length > 0) return downloadUrls;
  throw new CollectorError('amc_not_ready', `Amazon gives no address yet for the result of execution ${executionId}.`);
}

/**
 * Opens one part. The address is the permission: no Authorization header goes with it, and it is never logged.
 * @throws CollectorError amc_url_expired (ask for new addresses), amc_unreachable when the connection breaks, also in mid-stream
 */
export async function openResult(options: DownloadOptions, address: string, signal: AbortSignal): Promise<ResultPart> {
  const url = checkedUrl(address, options.apiUrl);
  const combined = AbortSignal.any([signal, AbortSignal.timeout(options.totalTimeoutMs)]);
  let response: Dispatcher.ResponseData;
  try {
    response = await request(url, {
      method: 'GET',
      headers: { 'accept-encoding': 'identity', 'user-agent': 'amc-reports-for-grafana' },
      dispatcher: options.dispatcher,
      headersTimeout: options.idleTimeoutMs,
      bodyTimeout: options.idleTimeoutMs,
      signal: combined,
    });
    if (response.statusCode !== 200) {
      const reply = await readReply(response);
      throw reply.status === 403 || reply.status === 410 ? expired(reply.text) : refusal('Downloading a result', reply, options.now());
    }
  } catch (error) {
    signal.throwIfAborted();
    throw connectionFailure('Downloading a result', url.host, error);
  }
  const length = header(response, 'content-length');
  const zipped = header(response, 'content-encoding') === 'gzip';
  return {
    body: pieces(zipped ? unpack(response.body, 'gzip') : response.body, url.host, signal),
    contentLength: zipped || length === undefined ? null : Number(length),
  };
}

/** The stream with our errors; a reader that stops early closes the connection. */
async function* pieces(stream: AsyncIterable<Uint8Array>, host: string, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  try {
    yield* stream;
  } catch (error) {
    signal.throwIfAborted();
    throw connectionFailure('Downloading a result', host, error);
  }
}

/** An address from an answer is followed only by http(s), and not without TLS when the API has it. */
function checkedUrl(address: string, apiUrl: string): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && apiUrl.startsWith('http:'))) return url;
  throw new CollectorError('amc_bad_answer', 'Amazon gave a download address that is no https URL; check that the API URL is Amazon’s.', {
    kind: 'terminal',
  });
}

const expired = (body: string) =>
  new CollectorError('amc_url_expired', 'The download address has expired; ask for a new one.', {
    details: { reason: /<Code>(\w{1,40})<\/Code>/.exec(body)?.[1] ?? 'refused' },
  });
