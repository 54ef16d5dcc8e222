import { CollectorError } from '../../contract/error.ts';
import { classify } from '../../data/store/errors.ts';

/** pg's words when its own deadline of a statement passed, or the pool is gone. */
const DATABASE_SILENT = /^(Query read timeout|Cannot use a pool after calling end)/;

/** Any thrown value as the one error class. What nobody foresaw is `internal`, with the cause kept for the log. */
export function toCollectorError(thrown: unknown): CollectorError {
  const error = classify(thrown);
  if (error instanceof CollectorError) return error;
  if (!(error instanceof Error)) return internal(error);
  const { type, status } = error as Error & { type?: unknown; status?: unknown };
  if (type === 'entity.too.large') return tooLarge();
  if (type === 'entity.parse.failed') return invalid('The body is not valid JSON. Send one JSON object.');
  if (type === 'encoding.unsupported' || type === 'charset.unsupported') {
    return new CollectorError('unsupported_media_type', 'The body must be JSON in UTF-8, plain or compressed with gzip, deflate or br.');
  }
  if (typeof status === 'number' && status >= 400 && status < 500)
    return invalid('The request cannot be read. Check its address, headers and body.');
  if (DATABASE_SILENT.test(error.message)) {
    return new CollectorError('database_unavailable', 'The database does not answer.', { cause: error });
  }
  return internal(error);
}

export const invalid = (message: string, details?: Record<string, unknown>) => new CollectorError('invalid_request', message, { details });

export const tooLarge = () =>
  new CollectorError('too_large', 'The body is larger than 1 MiB. Ask for less at once, for example fewer filter values.');

const internal = (cause: unknown) => new CollectorError('internal', 'Unexpected error', { cause });
