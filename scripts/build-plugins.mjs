// Builds both plugins. A build is skipped when nothing it reads is newer than what it made.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { goAtHand } from './grafana-at-hand.mjs';
import { root } from './install.mjs';

export const PLUGINS = ['datasource-plugin', 'app-plugin'];
const toolchain = join(root, 'toolchain');
const dashboards = join(root, 'dashboards');

export function buildPlugins() {
  buildFrontEnds();
  const folder = join(root, 'datasource-plugin');
  // Written last by a build of the backend.
  const made = join(folder, 'dist', 'go_plugin_build_manifest');
  if (!isNewer([join(folder, 'pkg'), join(folder, 'go.sum'), join(folder, 'scripts')], made)) return;
  if (!goAtHand()) {
    console.error(
      'Go is not installed, so the data source’s backend cannot be built: install Go 1.26 or use `docker compose up`, which builds it in a container.',
    );
    process.exit(1);
  }
  run(['run', 'build:backend', '--workspace', 'datasource-plugin'], 'Building the data source’s backend (about a minute the first time) …');
}

export function buildFrontEnds() {
  for (const plugin of PLUGINS) {
    const folder = join(root, plugin);
    const read = ['src', 'package.json', 'README.md', 'CHANGELOG.md'].map((name) => join(folder, name));
    if (isNewer([...read, toolchain, dashboards], join(folder, 'dist', 'module.js')))
      run(['run', 'build', '--workspace', plugin], `Building ${plugin} …`);
  }
}

function isNewer(sources, made) {
  if (!existsSync(made)) return true;
  const madeAt = statSync(made).mtimeMs;
  return sources.some((source) => newest(source) > madeAt);
}

function newest(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(
    0,
    ...readdirSync(path)
      .filter((name) => name !== 'node_modules')
      .map((name) => newest(join(path, name))),
  );
}

function run(args, message) {
  console.error(message);
  const env = { ...process.env, PATH: `${join(root, 'node_modules/.bin')}:${process.env.PATH}` };
  const result = spawnSync('npm', args, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'], env });
  if (result.status !== 0) {
    console.error(`npm ${args.join(' ')} failed; its message is above.`);
    process.exit(1);
  }
}
