import { blank, tokensOf, type Token } from './tokens.ts';

/**
 * AMC's text as PostgreSQL's grammar takes it: without comments, and without the TABLE( ) around a table function, both
 * blanked, so that places in error texts stay true.
 */
export function prepare(sql: string): string {
  const tokens = [...tokensOf(sql)].map((token): Token =>
    token.kind === 'comment' ? { ...token, kind: 'other', text: blank(token.text) } : token,
  );
  const texts = tokens.map((token) => token.text);
  const solid = tokens.map((token, index) => ({ ...token, index })).filter((token) => token.text.trim() !== '');
  solid.forEach((token, index) => {
    if (token.kind !== 'word' || token.text.toUpperCase() !== 'TABLE' || solid[index + 1]?.text !== '(') return;
    const close = closing(solid, index + 1);
    if (close === undefined) return;
    for (const wrapping of [token, solid[index + 1], solid[close]]) if (wrapping) texts[wrapping.index] = blank(wrapping.text);
  });
  return texts.join('');
}

/** The place of the bracket that closes the one at `open`. */
function closing(tokens: readonly Token[], open: number): number | undefined {
  let depth = 0;
  for (let at = open; at < tokens.length; at++) {
    if (tokens[at]?.text === '(') depth++;
    if (tokens[at]?.text === ')' && --depth === 0) return at;
  }
  return undefined;
}
