/** A piece of SQL: code, or a quoted literal or name that must stay as it is. */
export interface SqlPiece {
  readonly kind: 'code' | 'literal' | 'name';
  readonly text: string;
}

/** Splits SQL at its quotes; a doubled quote stays inside. `problem` says why the SQL cannot be sent to Amazon. */
export function splitSql(sql: string): { pieces: SqlPiece[]; problem: string | null } {
  const pieces: SqlPiece[] = [];
  let code = '';
  const endCode = () => {
    if (code !== '') pieces.push({ kind: 'code', text: code });
    code = '';
  };
  for (let at = 0; at < sql.length;) {
    const character = sql[at]!;
    const two = sql.slice(at, at + 2);
    // Amazon takes one line, so that a comment would swallow the rest of the query (reference/amc.md §3.1).
    if (two === '--' || two === '/*')
      return { pieces, problem: `holds a comment (${two}); Amazon takes one line of SQL, so put comments into the YAML` };
    if (character === ';') return { pieces, problem: 'holds a semicolon; a dataset is one statement, without a semicolon at the end' };
    if (character !== "'" && character !== '"') {
      code += character;
      at++;
      continue;
    }
    endCode();
    const end = closingQuote(sql, at);
    if (end === -1) return { pieces, problem: `has a ${character} that is never closed` };
    const text = sql.slice(at, end + 1);
    if (/[\t\n\r]/.test(text)) return { pieces, problem: 'has a line break or tab inside quotes; Amazon takes one line of SQL' };
    pieces.push({ kind: character === "'" ? 'literal' : 'name', text });
    at = end + 1;
  }
  endCode();
  return { pieces, problem: null };
}

function closingQuote(sql: string, start: number): number {
  const quote = sql[start]!;
  for (let at = start + 1; at < sql.length; at++) {
    if (sql[at] !== quote) continue;
    if (sql[at + 1] !== quote) return at;
    at++;
  }
  return -1;
}

/** White space outside quotes becomes single blanks. */
export const onOneLine = (pieces: readonly SqlPiece[]): string =>
  pieces
    .map((piece) => (piece.kind === 'code' ? piece.text.replace(/\s+/g, ' ') : piece.text))
    .join('')
    .trim();
