import type { SelectStmt } from '@pgsql/types';
import { loadModule, parseSync } from 'libpg-query';
import { placeOf, SqlRejected } from './rejection.ts';

/** Longest SQL the sandbox reads. */
export const MAX_SQL_LENGTH = 256 * 1024;

/** A quoted string or name, or AMC's table function with the TABLE( ) around it that PostgreSQL's grammar does not know. */
const EXTENDED_WINDOW =
  /'(?:[^']|'')*'|"(?:[^"]|"")*"|\b(TABLE\s*\()(\s*EXTEND_TIME_WINDOW\s*\(\s*'[^']*'\s*,\s*'[^']*'\s*,\s*'[^']*'\s*\)\s*)\)/gi;

/** TABLE(EXTEND_TIME_WINDOW(…)) without its wrapping, blanks in its place, so that places in error texts stay true. */
const unwrapExtendedWindows = (sql: string): string =>
  sql.replace(EXTENDED_WINDOW, (whole, open?: string, call?: string) => (open && call ? `${' '.repeat(open.length)}${call} ` : whole));

/** Call once before parsing: the parser is PostgreSQL's own, compiled to WebAssembly. */
export const loadParser = (): Promise<void> => loadModule();

/** @throws SqlRejected unless the text is exactly one SELECT */
export function parseQuery(sql: string): SelectStmt {
  if (sql.length > MAX_SQL_LENGTH) throw new SqlRejected(`SQL query is too long: ${sql.length} characters`);
  const text = unwrapExtendedWindows(sql);
  let statements;
  try {
    statements = parseSync(text).stmts ?? [];
  } catch (error) {
    const details = (error as { sqlDetails?: { cursorPosition?: number } }).sqlDetails;
    const message = error instanceof Error ? error.message : String(error);
    const found = /at or near "(.*)"/s.exec(message)?.[1];
    const place = placeOf(text, details?.cursorPosition).replace(/^From | to .*$/g, '');
    throw new SqlRejected(
      found === undefined ? `SQL query was invalid. ${message}` : `SQL query was invalid. Encountered "${found}" at ${place}.`,
    );
  }
  const [first, ...others] = statements;
  if (!first?.stmt) throw new SqlRejected('SQL query was invalid. Encountered "<EOF>" at line 1, column 1.');
  if (others.length > 0) throw new SqlRejected('SQL query was invalid. Encountered ";": only one statement is allowed.');
  if (!('SelectStmt' in first.stmt)) {
    throw new SqlRejected(`SQL query was invalid. Only SELECT is allowed, not ${Object.keys(first.stmt)[0]?.replace(/Stmt$/, '')}.`);
  }
  return first.stmt.SelectStmt;
}
