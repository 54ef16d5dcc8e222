/// <reference types="node" />
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { id, languages } from '../plugin.json';
import { nested, textsIn, untranslatedIn } from './texts';

const source = join(__dirname, '..');
const sources = globSync('**/*.{ts,tsx}', { cwd: source })
  .filter((file) => !/\.test\.|^testing/.test(file))
  .sort()
  .map((file) => [file, readFileSync(join(source, file), 'utf8')] as const);
const locale = (language: string) =>
  JSON.parse(readFileSync(join(__dirname, language, `${id}.json`), 'utf8')) as Record<string, Record<string, string>>;
const flat = (language: string) =>
  Object.entries(locale(language)).flatMap(([group, texts]) =>
    Object.entries(texts).map(([name, text]) => [`${group}.${name}`, text] as const),
  );
const filledIn = (text: string) => (text.match(/\{\{\w+\}\}/g) ?? []).sort();

it('finds the English texts in the sources (node scripts/extract-words.mjs)', () => {
  const texts = Object.assign({}, ...sources.map(([file, text]) => textsIn(file, text))) as Record<string, string>;
  expect(locale('en-US')).toEqual(nested(texts));
  expect(Object.keys(texts).length).toBeGreaterThan(200);
});

it('has every text in every language, with the same values to fill in', () => {
  expect(languages).toEqual(['en-US', 'de-DE']);
  const english = new Map(flat('en-US'));
  const german = new Map(flat('de-DE'));
  expect([...german.keys()].sort()).toEqual([...english.keys()].sort());
  for (const [key, text] of english) {
    expect([key, filledIn(german.get(key) ?? '')]).toEqual([key, filledIn(text)]);
  }
});

it('leaves no text of a component in one language', () => {
  expect(sources.flatMap(([file, text]) => untranslatedIn(file, text))).toEqual([]);
});

it('notices a text that is left in one language', () => {
  const component =
    '<Field label="Limit" title={a ? `Rows ${n}` : b}>{open && "Others"} plain <b aria-label={words("a.b", "Said")} /></Field>';
  expect(untranslatedIn('x.tsx', component)).toEqual(['x.tsx: Limit', 'x.tsx: Rows', 'x.tsx: Others', 'x.tsx: plain']);
});
