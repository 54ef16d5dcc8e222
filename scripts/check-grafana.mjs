// npm run compat: whether the plugins fit the oldest Grafana they promise to run in. It needs the package registry, once per version.
//
// 1. The list that ESLint checks imports against is what that version exports (`--record` writes the list).
// 2. Both plugins compile with that version's types, so that no newer property is used either.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureInstalled, root } from './install.mjs';

ensureInstalled('all');
const { default: ts } = await import('typescript');

const PLUGINS = ['datasource-plugin', 'app-plugin'];
const CHECKED = ['data', 'runtime', 'schema', 'ui'];
const listFile = join(root, 'toolchain', 'grafana-oldest.json');

const version = oldestGrafana();
const cache = join(root, 'node_modules', '.cache', `grafana-${version}`);
const packages = join(cache, 'node_modules', '@grafana');
if (!existsSync(packages)) download();

const list = { version, exports: Object.fromEntries(CHECKED.map((name) => [`@grafana/${name}`, exportsOf(name)])) };
const text = `${JSON.stringify(list, null, 2)}\n`;
if (process.argv.includes('--record')) writeFileSync(listFile, text);
const failures = [];
if (readFileSync(listFile, 'utf8') !== text)
  failures.push(`toolchain/grafana-oldest.json is not what Grafana ${version} exports: run npm run compat -- --record.`);
for (const plugin of PLUGINS) if (!compiles(plugin)) failures.push(`${plugin} does not compile with the types of Grafana ${version}.`);

for (const failure of failures) console.error(failure);
if (failures.length === 0) console.log(`Both plugins fit Grafana ${version}.`);
process.exit(failures.length === 0 ? 0 : 1);

function oldestGrafana() {
  const ranges = PLUGINS.map(
    (plugin) => JSON.parse(readFileSync(join(root, plugin, 'src/plugin.json'), 'utf8')).dependencies.grafanaDependency,
  );
  const versions = new Set(ranges.map((range) => /^>=(\d+\.\d+\.\d+)$/.exec(range)?.[1]));
  if (versions.size === 1 && !versions.has(undefined)) return [...versions][0];
  console.error(`Both plugins must depend on the same ">=major.minor.patch" of Grafana; they have ${ranges.join(' and ')}.`);
  process.exit(1);
}

/** Archives instead of an install: @grafana/ui of 12 depends on a package of a Git host, and only the types are needed. */
function download() {
  const unpacked = join(cache, 'unpacked');
  rmSync(cache, { recursive: true, force: true });
  mkdirSync(unpacked, { recursive: true });
  for (const name of [...CHECKED, 'e2e-selectors', 'i18n']) {
    const packed = must('npm', ['pack', '--silent', '--pack-destination', cache, `@grafana/${name}@${version}`], { cwd: cache });
    mkdirSync(join(unpacked, name));
    must('tar', ['-xzf', join(cache, packed.trim()), '-C', join(unpacked, name), '--strip-components=1'], {});
  }
  // Last, so that a download that was cut short is made again.
  mkdirSync(join(cache, 'node_modules'));
  renameSync(unpacked, packages);
}

function must(command, args, options) {
  const { status, stdout } = spawnSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], ...options });
  if (status === 0) return stdout;
  console.error(`${command} ${args.join(' ')} failed; its message is above.`);
  process.exit(1);
}

/** What a package exports when it runs: its entry file names each of them, types are not among them. */
function exportsOf(name) {
  const file = ts.createSourceFile('index.mjs', readFileSync(join(packages, name, 'dist/esm/index.mjs'), 'utf8'), ts.ScriptTarget.Latest);
  const names = file.statements
    .filter((statement) => ts.isExportDeclaration(statement))
    .flatMap(({ exportClause }) => exportClause.elements.map((element) => element.name.text));
  return [...new Set(names)].sort();
}

function compiles(plugin) {
  const project = join(cache, `${plugin}.json`);
  const config = {
    extends: join(root, plugin, 'tsconfig.json'),
    compilerOptions: { paths: { '@grafana/*': [join(packages, '*')] } },
    include: [join(root, plugin, 'src')],
  };
  writeFileSync(project, JSON.stringify(config));
  return spawnSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', project], { stdio: 'inherit' }).status === 0;
}
