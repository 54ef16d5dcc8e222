import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ERROR_PARTS, ERRORS } from '../errors.ts';
import { withErrorTables } from './tables.ts';

const page = readFileSync(join(import.meta.dirname, '../../../../docs/troubleshooting.md'), 'utf8');

it('docs/troubleshooting.md has the tables of errors as they are declared; `npm run docs` writes them anew', () => {
  expect(page).toBe(withErrorTables(page));
});

it('the page has a table of every part, and every code in one of them', () => {
  expect([...page.matchAll(/<!-- errors:(\w+) -->/g)].map(([, part]) => part)).toEqual(Object.keys(ERROR_PARTS));
  const codes = Object.values(ERROR_PARTS).flatMap((part) => Object.keys(part));
  expect([...codes].sort()).toEqual(Object.keys(ERRORS).sort());
  for (const code of codes) expect(page).toMatch(new RegExp(`^\\| .*\`${code}\``, 'm'));
});

it('makes a table anew when a cause or a code has changed, and leaves the text around it', () => {
  const [before, after] = [page.split('<!-- errors:amazon -->')[0]!, page.split('<!-- errors:results -->')[1]!];
  const old = page.replace(ERRORS.amc_not_found.cause, 'Once it was something else.').replace('`lost_fence`', '`found_fence`');
  expect(old).not.toBe(page);
  expect(withErrorTables(old)).toBe(page);
  expect(withErrorTables(old).startsWith(before) && withErrorTables(old).endsWith(after)).toBe(true);
});

it('joins the codes that share cause and remedy, and marks names of variables', () => {
  expect(page).toMatch(/^\| `unknown_dataset`, `unknown_metric`, `unknown_dimension` +\| /m);
  expect(page).toMatch(/set the new `AMC_REFRESH_TOKEN`;/);
});
