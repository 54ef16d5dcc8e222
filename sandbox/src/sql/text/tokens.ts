export interface Token {
  readonly kind: 'text' | 'name' | 'comment' | 'word' | 'other';
  readonly text: string;
  readonly at: number;
}

/** A string, a quoted name, a comment (two dashes, two slashes, or a block that does not nest, as in Calcite), a word, or one character. */
const TOKEN = /('(?:[^']|'')*')|("(?:[^"]|"")*")|(--[^\n]*|\/\/[^\n]*|\/\*[^]*?\*\/)|([\p{L}_][\p{L}\p{N}_$]*)|([^])/gu;

/** SQL cut into what has to be told apart before PostgreSQL's parser may see it. */
export function* tokensOf(sql: string): Generator<Token> {
  for (const match of sql.matchAll(TOKEN)) {
    const [text, string, name, comment, word] = match;
    const kind = string ? 'text' : name ? 'name' : comment ? 'comment' : word ? 'word' : 'other';
    yield { kind, text, at: match.index };
  }
}

/** As many blanks, lines kept, so that places in error texts stay true. */
export const blank = (text: string): string => text.replace(/[^\n]/g, (character) => ' '.repeat(Buffer.byteLength(character)));
