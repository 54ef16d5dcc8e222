import type { SelectStmt } from '@pgsql/types';
import { loadModule, parseSync } from 'libpg-query';
import { invalid, placeOf, SqlRejected, tooDeep } from './rejection.ts';
import { prepare } from './text/prepare.ts';

/** Longest SQL the sandbox reads. */
export const MAX_SQL_LENGTH = 256 * 1024;

/** Call once before parsing: the parser is PostgreSQL's own, compiled to WebAssembly. */
export const loadParser = (): Promise<void> => loadModule();

/** @throws SqlRejected unless the text is exactly one SELECT */
export function parseQuery(sql: string): SelectStmt {
  if (sql.length > MAX_SQL_LENGTH) throw new SqlRejected(`SQL query is too long: ${sql.length} characters`);
  const text = prepare(sql);
  let statements;
  try {
    statements = parseSync(text).stmts ?? [];
  } catch (error) {
    const details = (error as { sqlDetails?: { cursorPosition?: number } }).sqlDetails;
    const message = error instanceof Error ? error.message : String(error);
    const found = /at or near "(.*)"/s.exec(message)?.[1];
    const place = placeOf(text, details?.cursorPosition).replace(/^From | to .*$/g, '');
    if (/stack depth|memory exhausted|out of bounds|Maximum call stack/i.test(message)) throw tooDeep();
    if (found !== undefined) throw invalid(`Encountered "${found}" at ${place}.`);
    throw invalid(/end of input/.test(message) ? `Encountered "<EOF>" at ${place}.` : `Encountered an unreadable token at ${place}.`);
  }
  const [first, ...others] = statements;
  if (!first?.stmt) throw invalid('Encountered "<EOF>" at line 1, column 1.');
  if (others.length > 0) throw invalid('Encountered ";": only one statement is allowed.');
  if (!('SelectStmt' in first.stmt)) {
    throw invalid(`Only SELECT is allowed, not ${Object.keys(first.stmt)[0]?.replace(/Stmt$/, '')}.`);
  }
  return first.stmt.SelectStmt;
}
