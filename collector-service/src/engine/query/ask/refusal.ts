import { CollectorError } from '../../../contract/error.ts';
import type { ErrorCode } from '../../../contract/errors.ts';

/** A question that cannot be answered as asked: the reader's to change, so 400, and the sentence says how. */
export const refusal = (code: ErrorCode, message: string, suggestions: string[] = []): CollectorError =>
  new CollectorError(code, message, { details: suggestions.length > 0 ? { suggestions } : undefined });
