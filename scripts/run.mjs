// npm run sandbox, npm run bench: installs what the collector needs, then runs the program on the pinned Node.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { join } from 'node:path';
import { ensureInstalled, node, root } from './install.mjs';

const PROGRAMS = {
  sandbox: ['collector-service/src/cli/collector.ts', 'sandbox'],
  bench: ['collector-service/bench/main.ts'],
};
const [name, ...args] = process.argv.slice(2);
const [file, ...first] = PROGRAMS[name];

ensureInstalled('main');
const child = spawn(node, [join(root, file), ...first, ...args], { cwd: root, stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => signal !== 'SIGINT' && child.kill(signal));
child.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)));
