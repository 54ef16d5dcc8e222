import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(__dirname, '../../..');
const source = join(root, 'dashboards/src');
let copy: string;

beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'amc-reports-kind-'));
  cpSync(join(root, 'dashboards'), join(copy, 'dashboards'), { recursive: true, filter: (path) => !path.endsWith('.test.ts') });
  cpSync(join(root, 'tsconfig.json'), join(copy, 'tsconfig.json'));
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'), 'dir');
});

afterAll(() => rmSync(copy, { recursive: true, force: true }));

const SCHEMA = `import { z } from 'zod';

export const gaugeDisplay = z.strictObject({ most: z.number().positive() });

export type GaugeDisplay = z.output<typeof gaugeDisplay>;
`;

const KIND = `import type { Kind } from '../kind.ts';
import type { GaugeDisplay } from './schema.ts';

export const gauge: Kind<GaugeDisplay> = {
  title: 'Gauge',
  description: 'One number against the most that it should be',
  size: { w: 6, h: 6 },
  ready: {
    title: 'ACOS',
    description: 'Spend as a share of sales, of at most 30 %.',
    queries: [{ dataset: 'campaign_performance', metrics: ['acos'] }],
    display: { most: 0.3 },
  },
  panel: ({ queries: [query], display: { most } }, ask) => ({
    type: 'gauge',
    options: {},
    targets: [ask({ ...query, grain: 'total', format: 'numeric' }, 'A')],
    defaults: { min: 0, max: most },
  }),
};
`;

/** Puts a line before the first one that fits. */
function insert(file: string, before: RegExp, line: string) {
  const lines = readFileSync(file, 'utf8').split('\n');
  const at = lines.findIndex((each) => before.test(each));
  expect([before.source, at]).not.toEqual([before.source, -1]);
  lines.splice(at, 0, line);
  writeFileSync(file, lines.join('\n'));
}

it('takes a folder of two files and two lines in each of two lists, and then compiles to Grafana like every other', () => {
  const kinds = join(copy, 'dashboards/src/kinds');
  mkdirSync(join(kinds, 'gauge'));
  writeFileSync(join(kinds, 'gauge/schema.ts'), SCHEMA);
  writeFileSync(join(kinds, 'gauge/kind.ts'), KIND);
  insert(join(kinds, 'index.ts'), /^import .*funnel/, "import { gauge } from './gauge/kind.ts';");
  const registry = join(kinds, 'index.ts');
  writeFileSync(registry, readFileSync(registry, 'utf8').replace('export const kinds = { kpi,', 'export const kinds = { gauge, kpi,'));
  insert(join(kinds, 'schemas.ts'), /^import .*funnel/, "import { gaugeDisplay } from './gauge/schema.ts';");
  insert(join(kinds, 'schemas.ts'), /^ {2}funnel:/, '  gauge: gaugeDisplay,');

  expect(touchedFiles()).toEqual(['kinds/gauge/kind.ts', 'kinds/gauge/schema.ts', 'kinds/index.ts', 'kinds/schemas.ts']);
  execFileSync(join(root, 'node_modules/.bin/tsc'), ['-p', join(copy, 'dashboards')], { stdio: 'inherit' });
  const script = `
    const { kinds, toPanel } = await import(${JSON.stringify(join(copy, 'dashboards/src/index.ts'))});
    const widget = { id: 'g', kind: 'gauge', ...kinds.gauge.ready, place: { x: 0, y: 0, w: 6, h: 6 } };
    process.stdout.write(JSON.stringify(toPanel(widget, widget.place, [], () => [])));`;
  const panel = execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  expect(JSON.parse(panel)).toMatchObject({
    type: 'gauge',
    title: 'ACOS',
    fieldConfig: { defaults: { max: 0.3 } },
    targets: [{ metrics: ['acos'] }],
  });
});

/** Files that are new or otherwise than in the project. */
const touchedFiles = () =>
  readdirSync(join(copy, 'dashboards/src'), { recursive: true, encoding: 'utf8' })
    .filter((path) => statSync(join(copy, 'dashboards/src', path)).isFile())
    .filter((path) => {
      const original = join(source, path);
      return !existsSync(original) || readFileSync(original, 'utf8') !== readFileSync(join(copy, 'dashboards/src', path), 'utf8');
    })
    .sort();
