import { CollectorError } from '../../contract/error.ts';
import type { Dispatcher } from 'undici';

/** An HTTP answer, read to its end. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** Far above the largest real answer (a page of 100 workflows with their SQL). */
const MAX_BYTES = 32 * 1024 * 1024;

/** Reads the body, whatever its content type says: create-workflow answers `{}` as octet-stream (reference/amc.md §3). */
export async function readReply(response: Dispatcher.ResponseData): Promise<Reply> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response.body as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BYTES) {
      throw new CollectorError('amc_bad_answer', 'Amazon’s answer is larger than 32 MB; check that the API URL is Amazon’s.', {
        kind: 'terminal',
        details: { sent: true },
      });
    }
    chunks.push(chunk);
  }
  return { status: response.statusCode, headers: response.headers, text: new TextDecoder().decode(Buffer.concat(chunks)) };
}

export function header(reply: Pick<Reply, 'headers'>, name: string): string | undefined {
  const value = reply.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/** The id to name when asking Amazon about a request. */
export const requestIdOf = (reply: Pick<Reply, 'headers'>): string | undefined =>
  header(reply, 'x-amz-request-id') ?? header(reply, 'x-amz-rid');

/** Whole numbers beyond 2^53 (Amazon's ids have 64 bits) stay exact as text. */
const exactly = (_: string, value: unknown, context?: { source?: string }): unknown =>
  typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d+$/.test(context?.source ?? '') ? context!.source : value;

/** The body as JSON; an empty body is `{}`. Undefined when it is something else, such as a gateway's HTML. */
export function jsonOf(reply: Pick<Reply, 'text'>): unknown {
  const text = reply.text.replace(/^\uFEFF/, '').trim();
  if (text === '') return {};
  try {
    return JSON.parse(text, exactly) as unknown;
  } catch {
    return undefined;
  }
}

/** Retry-After in milliseconds: seconds (fractions too) or an HTTP date. Undefined when absent or nonsense; at most an hour. */
export function retryAfterMs(reply: Pick<Reply, 'headers'>, now: number): number | undefined {
  const value = header(reply, 'retry-after')?.trim();
  if (!value) return undefined;
  const wait = /^\d+(\.\d+)?$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now;
  return Number.isFinite(wait) ? Math.min(Math.max(0, Math.ceil(wait)), 3_600_000) : undefined;
}
