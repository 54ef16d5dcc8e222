import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const root = join(__dirname, '..');
const SOURCE = 'collector-service/src';

/** What the floors say of a tree of files, each with the paths it imports: the names of the rules it breaks. */
function broken(files) {
  const folder = mkdtempSync(join(tmpdir(), 'floors-'));
  try {
    for (const name of ['.dependency-cruiser.cjs', 'tsconfig.json', `collector-service/tsconfig.json`])
      cpSync(join(root, name), join(folder, name), { recursive: true });
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    for (const [path, imports] of Object.entries(files)) {
      mkdirSync(join(folder, dirname(path)), { recursive: true });
      writeFileSync(join(folder, path), `${imports.map((to) => `import '${to}';\n`).join('')}export const name = 1;\n`);
    }
    const args = ['--config', '.dependency-cruiser.cjs', '--output-type', 'json', SOURCE];
    const { stdout, stderr } = spawnSync(join(root, 'node_modules/.bin/depcruise'), args, { cwd: folder, encoding: 'utf8' });
    if (stdout === '') throw new Error(stderr);
    return [...new Set(JSON.parse(stdout).summary.violations.map(({ rule }) => rule.name))].sort();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const FACTS = { [`${SOURCE}/contract/facts.ts`]: [], [`${SOURCE}/engine/collect/verb.ts`]: ['../../contract/facts.ts'] };

test('a room of a floor above uses the verbs of one below', () => {
  expect(broken({ ...FACTS, [`${SOURCE}/product/review/keep.ts`]: ['../../engine/collect/verb.ts'] })).toEqual([]);
});

test.each([
  ['a folder that nobody listed', `${SOURCE}/utils/text.ts`, ['../contract/facts.ts'], 'unknown-folder'],
  ['a room that nobody listed', `${SOURCE}/product/budget/create.ts`, ['../../contract/facts.ts'], 'unknown-folder'],
  ['a file beside the floors', `${SOURCE}/shortcut.ts`, ['./contract/facts.ts'], 'unknown-folder'],
  ['an import upward', `${SOURCE}/data/store/read.ts`, ['../../engine/collect/verb.ts'], 'data-imports-downward'],
  ['a neighbour without an arrow', `${SOURCE}/engine/query/ask.ts`, ['../collect/verb.ts'], 'query-knows-only-its-arrows'],
])('%s is refused', (_what, path, imports, rule) => {
  expect(broken({ ...FACTS, [path]: imports })).toEqual([rule]);
});

test('the statements of a room are its own', () => {
  const statements = { [`${SOURCE}/engine/collect/statements/runs.ts`]: [] };
  expect(broken({ ...statements, [`${SOURCE}/engine/collect/verb.ts`]: ['./statements/runs.ts'] })).toEqual([]);
  expect(broken({ ...statements, [`${SOURCE}/product/review/keep.ts`]: ['../../engine/collect/statements/runs.ts'] })).toEqual([
    'statements-of-collect-are-its-own',
  ]);
  expect(broken({ ...statements, [`${SOURCE}/entry/http/runs.ts`]: ['../../engine/collect/statements/runs.ts'] })).toEqual([
    'statements-of-collect-are-its-own',
  ]);
});
