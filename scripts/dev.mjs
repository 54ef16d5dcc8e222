// npm run dev: what npm start runs, started again when a source of the collector or the sandbox changes, and both plugins built anew when
// theirs do. Arguments go to the collector's `start`.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ensureInstalled, node, nodeEnv, nodeFlags, root } from './install.mjs';

ensureInstalled('all');

const watched = ['collector-service/src', 'sandbox/src', 'provisioning/amc'].flatMap((folder) => ['--watch-path', join(root, folder)]);
const collector = [
  ...nodeFlags,
  '--watch',
  '--watch-preserve-output',
  ...watched,
  join(root, 'collector-service/src/entry/cli/collector.ts'),
];
const webpack = join(root, 'node_modules', '.bin', 'webpack');
const building = ['--config', '../toolchain/webpack.config.js', '--mode', 'development', '--watch'];

const children = [
  spawn(node, [...collector, 'start', ...process.argv.slice(2)], { cwd: root, stdio: 'inherit', env: nodeEnv }),
  ...['datasource-plugin', 'app-plugin'].map((plugin) =>
    spawn(webpack, building, { cwd: join(root, plugin), stdio: ['ignore', 'ignore', 'inherit'], env: nodeEnv }),
  ),
];
// Ctrl-C reaches all of them by itself, as they share the terminal; a SIGTERM is for this process alone.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => children.forEach((child) => child.kill('SIGTERM')));
for (const child of children) child.on('exit', (code) => (process.exitCode ||= code ?? 0));
