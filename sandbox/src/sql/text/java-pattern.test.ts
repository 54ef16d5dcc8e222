import pg from 'pg';
import { postgresPattern, postgresReplacement } from './java-pattern.ts';

/** PostgreSQL must find what JavaScript's engine finds, which agrees with Java's on these. */
let client: pg.Client;
beforeAll(async () => {
  client = new pg.Client({ connectionString: process.env.TEST_POSTGRES_URL });
  await client.connect();
});
afterAll(() => client.end());

const TEXTS = [
  '',
  'Tents',
  'tents and lamps',
  'SP | Tents | Exact',
  'a.b',
  'a+b',
  'aab',
  'Köln 2026',
  'x\ny',
  "it's [here]",
  'ÄPFEL',
  'foo_bar-1',
  '(open',
  '1,234.50 €',
  'back\\slash',
  'tab\tend',
];
const PATTERNS = [
  '',
  'Tents',
  '^T',
  's$',
  'a.b',
  'a\\.b',
  '\\d{4}',
  '\\D+',
  '[a-c]+b',
  '[^a-z]',
  '\\bTents\\b',
  '(?:and|or)',
  '(a)\\1',
  'a{2}',
  'a{2,}b',
  'x.y',
  'x\\ny',
  'x\\sy',
  '[\\[\\]]',
  '\\[here\\]',
  '[.+]b',
  '\\w+-\\d',
  '(?=lamps)',
  'tents(?! and)',
  '(?<=tents )and',
  'a*?b',
  '\\(',
  '\\\\',
  '\\t',
  '[\\d.,]+',
  '€',
  '\\u00c4',
  '\\x41|\\x42',
  '^$',
  '[-a]b',
  '[]a]',
  'a|',
  '\\W',
];
it.each(PATTERNS)('%s', async (pattern) => {
  // JavaScript reads "[]" as an empty class, Java as the start of one that holds "]".
  const expected = TEXTS.map((text) => new RegExp(pattern.replace('[]', '[\\]'), 'u').test(text));
  const { rows } = await client.query<{ found: boolean }>(
    'SELECT text ~ $2 AS found FROM unnest($1::text[]) WITH ORDINALITY AS t(text, place) ORDER BY place',
    [TEXTS, postgresPattern(pattern)],
  );
  expect(rows.map((row) => row.found)).toEqual(expected);
});

it.each([
  ['(?i)TENTS', 'tents', true],
  ['(?i)äpfel', 'ÄPFEL', true],
  ['TENTS', 'tents', false],
  ['(?s)x.y', 'x\ny', true],
  ['(?m)^y', 'x\ny', true],
  ['^y', 'x\ny', false],
  ['\\Qa+b\\E', 'a+b', true],
  ['\\p{Lu}', 'abc', false],
  ['[\\p{Alpha}]+\\P{Digit}', 'ab', true],
  ['(?<word>ab)', 'ab', true],
])('%s on %j: %s', async (pattern, text, expected) => {
  const { rows } = await client.query<{ found: boolean }>('SELECT $1::text ~ $2 AS found', [text, postgresPattern(pattern)]);
  expect(rows[0]?.found).toBe(expected);
});

it.each([
  ['(a', /Unclosed group near index 2/],
  ['a)', /Unmatched closing/],
  ['[a', /Unclosed character class/],
  ['\\y', /escape sequence/],
  ['a++', /The sandbox lacks possessive quantifiers/],
  ['a(?i)b', /The sandbox lacks flags inside/],
  ['[a&&b]', /The sandbox lacks character classes inside/],
  ['\\p{Greek}', /The sandbox lacks the character class/],
])('%s is refused', (pattern, reason) => {
  expect(() => postgresPattern(pattern)).toThrow(reason);
});

it("Java's replacements", () => {
  expect(['$1-$2', '\\$1', 'a\\\\b', '$0'].map(postgresReplacement)).toEqual(['\\1-\\2', '$1', 'a\\\\b', '\\&']);
});
