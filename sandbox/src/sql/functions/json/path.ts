import { quoteText } from '../../ast.ts';
import { SandboxLacks, SqlRejected } from '../../rejection.ts';
import type { Call } from '../define.ts';

/** A JSON path of keys, places and wildcards, in quotes: PostgreSQL's paths could do more, and could be made to run for long. */
export function jsonPath(call: Call): string {
  const path = call.texts[1];
  if (path === undefined) throw new SandboxLacks('JSON paths that differ from row to row');
  if (!/^\$(\.[A-Za-z_]\w*|\.\*|\[(\d+|\*)\]|\['[^'\\]*'\])*$/.test(path)) throw new SqlRejected(`Invalid JSON path '${path}'`);
  return quoteText(path.replace(/\['([^']*)'\]/g, (_, key: string) => `.${JSON.stringify(key)}`));
}
