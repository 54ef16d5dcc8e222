import express, { type Request, type Response } from 'express';
import { CollectorError } from '../../contract/error.ts';
import { invalid, tooLarge } from './error.ts';

/** On the way and unpacked: 1 MiB. */
const LIMIT_BYTES = 1_048_576;
// Not strict: its parser would call 5 and null no JSON.
const parseJson = express.json({ limit: LIMIT_BYTES, type: 'application/json', strict: false });

/** A caller who sends slower than this holds a connection for nothing. */
const TIMEOUT_MS = 15_000;

/**
 * Reads a JSON object of at most 1 MiB, unpacked, within the time. What is too large is refused as soon as that is known: the parser
 * would read it to its end first, which may never come.
 * @throws CollectorError too_large, timed_out (408), invalid_request, unsupported_media_type, or body-parser errors, see error.ts
 */
export async function readBody(req: Request, res: Response, timeoutMs = TIMEOUT_MS): Promise<unknown> {
  const hasBody = req.headers['transfer-encoding'] !== undefined || Number(req.headers['content-length'] ?? 0) > 0;
  if (!hasBody) throw invalid('The request needs a JSON body.');
  if (!req.is('application/json'))
    throw new CollectorError('unsupported_media_type', 'The body must be JSON: send the header "Content-Type: application/json".');
  if (Number(req.headers['content-length'] ?? 0) > LIMIT_BYTES) throw tooLarge();
  let late: NodeJS.Timeout | undefined;
  await new Promise<void>((resolve, reject) => {
    let received = 0;
    req.on('data', (chunk: Buffer) => {
      received += chunk.length;
      if (received > LIMIT_BYTES) reject(tooLarge());
    });
    late = setTimeout(() => reject(tooSlow()), timeoutMs);
    parseJson(req, res, (error?: unknown) => (error === undefined ? resolve() : reject(error)));
  }).finally(() => clearTimeout(late));
  const body: unknown = req.body;
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw invalid(`The body must be a JSON object, not ${named(body)}.`);
  return body;
}

const named = (value: unknown): string => (value === null ? 'null' : Array.isArray(value) ? 'an array' : `a ${typeof value}`);

const tooSlow = () => new CollectorError('timed_out', 'The body did not arrive in time. Send it at once.', { status: 408 });
