import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { apiDocument } from './api-doc.ts';

it('docs/api.md lists the routes as they are declared; `npm run docs` writes it anew', () => {
  expect(readFileSync(join(import.meta.dirname, '../../../../docs/api.md'), 'utf8')).toBe(apiDocument());
});
