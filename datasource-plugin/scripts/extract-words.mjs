// Collects the English texts of the screen out of the sources into src/locales/en-US, which Grafana loads before the plugin. A test says
// when it is out of date, and names what src/locales/de-DE lacks:
//   node scripts/extract-words.mjs
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { nested, textsIn } from '../src/locales/texts.ts';

const source = fileURLToPath(new URL('../src/', import.meta.url));
const { id } = JSON.parse(readFileSync(`${source}plugin.json`, 'utf8'));
const files = globSync('**/*.{ts,tsx}', { cwd: source }).filter((file) => !file.includes('.test.'));
const texts = Object.assign({}, ...files.sort().map((file) => textsIn(file, readFileSync(`${source}${file}`, 'utf8'))));
writeFileSync(`${source}locales/en-US/${id}.json`, `${JSON.stringify(nested(texts), null, 2)}\n`);
