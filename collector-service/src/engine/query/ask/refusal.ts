import { CollectorError, type ErrorCode } from '../../../contract/error.ts';

/** A question that cannot be answered as asked: the reader's to change, so 400, and the sentence says how. */
export const refusal = (code: ErrorCode, message: string, suggestions: string[] = []): CollectorError =>
  new CollectorError(message, { code, kind: 'terminal', status: 400, ...(suggestions.length > 0 && { details: { suggestions } }) });
