import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dashboards } from './all.ts';
import { toFile } from './file.ts';

for (const [name, dashboard] of Object.entries(dashboards)) {
  const path = join(import.meta.dirname, '..', 'json', `${name}.json`);
  writeFileSync(path, toFile(dashboard));
  console.log(`wrote ${name}.json`);
}
