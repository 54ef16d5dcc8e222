import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

test('the statements of the merge call nothing volatile, so that its tables can be distributed', () => {
  const files = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'));
  expect(files.length).toBeGreaterThan(10);
  for (const name of files) {
    expect({ name, text: readFileSync(join(import.meta.dirname, name), 'utf8') }).toEqual({
      name,
      text: expect.not.stringMatching(/\b(clock_timestamp|gen_random_uuid|uuidv[47]|random|timeofday|nextval|statement_timestamp)\s*\(/i),
    });
  }
});
