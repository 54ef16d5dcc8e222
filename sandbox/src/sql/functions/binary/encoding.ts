import { SqlRejected } from '../../rejection.ts';
import type { Call } from '../define.ts';

const encodingOf = (call: Call): string => {
  const encoding = call.texts[1]?.toLowerCase();
  if (encoding === 'hex' || encoding === 'base64' || encoding === 'utf-8') return encoding;
  throw new SqlRejected(`Unsupported encoding '${call.texts[1] ?? ''}'. Supported encodings: hex, base64, utf-8`);
};

/** Bytes of a text in the encoding that the second argument names. */
export const binaryFrom = (call: Call): string => `amc.binary_from($1, '${encodingOf(call)}')`;

/** A text of bytes in the encoding that the second argument names. */
export const binaryTo = (call: Call): string => `amc.binary_to($1, '${encodingOf(call)}')`;
