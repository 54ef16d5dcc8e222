import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { toFile } from './file.ts';
import { toGrafana } from './grafana/compile.ts';
import { dimensionsOf } from './shipped-datasets.ts';
import { templates } from './templates/index.ts';

for (const [name, dashboard] of Object.entries(templates)) {
  const path = join(import.meta.dirname, '..', 'json', `${name}.json`);
  writeFileSync(path, toFile(toGrafana(dashboard, dimensionsOf)));
  console.log(`wrote ${name}.json`);
}
