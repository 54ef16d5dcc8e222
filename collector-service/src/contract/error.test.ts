import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ERROR_CODES } from './error.ts';

it('every error code is explained in docs/troubleshooting.md, and no other is', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../docs/troubleshooting.md'), 'utf8');
  const explained = new Set(
    [...page.matchAll(/^\| ((?:`[a-z_]+`(?:, )?)+) +\|/gm)].flatMap((match) =>
      [...(match[1] ?? '').matchAll(/`([a-z_]+)`/g)].map((code) => code[1]),
    ),
  );
  expect([...explained].sort()).toEqual([...ERROR_CODES].sort());
});
