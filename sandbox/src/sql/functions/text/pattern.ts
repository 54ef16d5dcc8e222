import { quoteText } from '../../ast.ts';
import { SandboxLacks } from '../../rejection.ts';
import { postgresPattern } from '../../text/java-pattern.ts';
import type { Call } from '../define.ts';

/** The Java pattern that stands as an argument, as PostgreSQL's, in quotes. */
export function pattern(call: Call, index: number): string {
  const java = call.texts[index];
  if (java === undefined) throw new SandboxLacks('regular expressions that differ from row to row');
  return quoteText(postgresPattern(java));
}
