import { invalid, SandboxLacks } from '../rejection.ts';

/** Java's named classes and escapes as PostgreSQL writes them, outside brackets and inside. */
// prettier-ignore
const CLASSES: Record<string, string> = {
  Alpha: ':alpha:', Digit: ':digit:', Alnum: ':alnum:', Upper: ':upper:', Lower: ':lower:', Punct: ':punct:', Space: ':space:', Blank: ':blank:',
  XDigit: ':xdigit:', Cntrl: ':cntrl:', Graph: ':graph:', Print: ':print:', L: ':alpha:', Lu: ':upper:', Ll: ':lower:', N: ':digit:',
  Nd: ':digit:', P: ':punct:', IsAlphabetic: ':alpha:', IsDigit: ':digit:', javaUpperCase: ':upper:', javaLowerCase: ':lower:',
};
const ASSERTIONS: Record<string, string> = { b: '\\y', B: '\\Y', A: '\\A', Z: '\\Z', z: '\\Z' };
const CHARACTERS: Record<string, string> = { n: '\\n', t: '\\t', r: '\\r', f: '\\f', a: '\\a', e: '\\e' };
/** Java's \\d and \\w know no letters and digits beyond ASCII. */
const ASCII: Record<string, string> = { d: '0-9', w: 'A-Za-z0-9_' };
/** PostgreSQL's own limit. */
const MOST_REPEATS = 255;
const ANY_BUT_LINE_ENDS = '[^\\n\\r]';

/**
 * A Java regular expression (java.util.regex.Pattern) as one of PostgreSQL's advanced ones, that finds the same texts.
 * @throws SqlRejected for what Java refuses, SandboxLacks for what PostgreSQL cannot say
 */
export function postgresPattern(java: string): string {
  const reader = new Reader(java);
  const flags = reader.leadingFlags();
  const body = reader.alternatives();
  if (reader.rest !== '') throw invalid(`Unmatched closing ')' near index ${java.length - reader.rest.length} in the pattern ${java}`);
  return `***:(?${flags.ignoreCase ? 'i' : 'c'}${flags.multiline ? 'w' : 's'})${body}`;
}

class Reader {
  rest: string;
  private readonly whole: string;
  private dotAll = false;

  constructor(pattern: string) {
    this.whole = pattern;
    this.rest = pattern;
  }

  /** (?i), (?s), (?m) at the beginning, where PostgreSQL takes them too. */
  leadingFlags(): { ignoreCase: boolean; multiline: boolean } {
    const letters = new Set<string>();
    for (let found = this.take(/^\(\?([imsu]+)\)/); found; found = this.take(/^\(\?([imsu]+)\)/))
      for (const letter of found[1] ?? '') letters.add(letter);
    this.dotAll = letters.has('s');
    return { ignoreCase: letters.has('i'), multiline: letters.has('m') };
  }

  alternatives(): string {
    let sql = '';
    while (this.rest !== '' && !this.rest.startsWith(')')) sql += this.part();
    return sql;
  }

  private part(): string {
    if (this.take(/^\(\?i:/) || this.take(/^\(\?[a-z-]+[:)]/i))
      throw new SandboxLacks('flags inside a regular expression (at its beginning they work)');
    if (this.take(/^\(\?>/)) throw new SandboxLacks('atomic groups in regular expressions');
    const open = this.take(/^\((\?(?::|=|!|<=|<!)|\?<[A-Za-z]\w*>)?/);
    if (open) return this.group(open[1] ?? '');
    if (this.take(/^\[/)) return this.bracket();
    const quoted = this.take(/^\\Q([^]*?)(?:\\E|$)/);
    if (quoted) return (quoted[1] ?? '').replace(/[^\p{L}\p{N}\s_]/gu, '\\$&');
    if (this.rest.startsWith('\\')) return this.escape();
    const quantifier = this.take(/^(?:[*+?]|\{\d+(?:,\d*)?\})([?+]?)/);
    if (quantifier) {
      if (quantifier[1] === '+') throw new SandboxLacks('possessive quantifiers in regular expressions');
      if ((quantifier[0].match(/\d+/g) ?? []).some((count) => Number(count) > MOST_REPEATS)) {
        throw new SandboxLacks(`more than ${MOST_REPEATS} repetitions in regular expressions`);
      }
      return quantifier[0];
    }
    if (this.take(/^\./)) return this.dotAll ? '.' : ANY_BUT_LINE_ENDS;
    return this.take(/^[^]/u)?.[0] ?? '';
  }

  private group(kind: string): string {
    const body = this.alternatives();
    if (!this.take(/^\)/)) throw invalid(`Unclosed group near index ${this.whole.length} in the pattern ${this.whole}`);
    return kind.startsWith('?<') && kind.endsWith('>') ? `(${body})` : `(${kind}${body})`;
  }

  private escape(): string {
    const named = this.take(/^\\([pP])(?:\{(\w+)\}|(\w))/);
    if (named) {
      const name = CLASSES[(named[2] ?? named[3] ?? '').replace(/^Is(?=\w\w?$)/, '')];
      if (!name) throw new SandboxLacks(`the character class ${named[0]} in regular expressions`);
      return named[1] === 'P' ? `[^[${name}]]` : `[[${name}]]`;
    }
    const code = this.take(/^\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4}))/);
    if (code) return `\\u${(code[1] ?? code[2] ?? '').padStart(4, '0')}`;
    const [, letter = ''] = this.take(/^\\([^])/u) ?? [];
    if (letter === '') throw invalid(`Unexpected internal error near index ${this.whole.length} in the pattern ${this.whole}`);
    const ascii = ASCII[letter.toLowerCase()];
    if (ascii) return letter === letter.toLowerCase() ? `[${ascii}]` : `[^${ascii}]`;
    if (/[sS1-9]/.test(letter)) return `\\${letter}`;
    if (letter === 'h') return '[ \\t]';
    if (letter === 'R') return '(?:\\r\\n|\\n|\\r)';
    const known = ASSERTIONS[letter] ?? CHARACTERS[letter];
    if (known) return known;
    if (/[a-zA-Z]/.test(letter)) throw invalid(`Illegal/unsupported escape sequence near index ${this.at()} in the pattern ${this.whole}`);
    return `\\${letter}`;
  }

  /** What stands between [ and ]: ranges, classes and escapes. */
  private bracket(): string {
    let sql = this.take(/^\^/) ? '[^' : '[';
    for (let first = true; !this.rest.startsWith(']') || first; first = false) {
      if (this.rest === '') throw invalid(`Unclosed character class near index ${this.whole.length - 1} in the pattern ${this.whole}`);
      if (this.take(/^&&/) || this.take(/^\[(?!:)/)) throw new SandboxLacks('character classes inside character classes');
      const named = this.take(/^\\p\{?(\w+)\}?/);
      if (named) {
        const name = CLASSES[named[1] ?? ''];
        if (!name) throw new SandboxLacks(`the character class ${named[0]} in regular expressions`);
        sql += `[${name}]`;
        continue;
      }
      const [, escaped] = this.take(/^\\([^])/u) ?? [];
      if (escaped === undefined) sql += (this.take(/^[^]/u)?.[0] ?? '').replace('[', '\\[');
      else if (/[DWS]/.test(escaped)) throw new SandboxLacks(`\\${escaped} inside a character class`);
      else sql += ASCII[escaped] ?? `\\${escaped}`;
    }
    this.take(/^\]/);
    return `${sql}]`;
  }

  private at(): number {
    return this.whole.length - this.rest.length;
  }

  private take(pattern: RegExp): RegExpExecArray | null {
    const found = pattern.exec(this.rest);
    if (found) this.rest = this.rest.slice(found[0].length);
    return found;
  }
}

/** Java's replacement text ($1, \$) as PostgreSQL's (\1, $). */
export const postgresReplacement = (java: string): string =>
  java.replace(/\\([^])|\$(\d)|\\$/g, (whole, escaped?: string, group?: string) => {
    if (group !== undefined) return group === '0' ? '\\&' : `\\${group}`;
    return escaped === '\\' ? '\\\\' : (escaped ?? whole);
  });
