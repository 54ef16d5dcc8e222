// npm run sandbox, bench, crash, mutants: installs what the collector needs, then runs the program on the pinned Node.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { join } from 'node:path';
import { ensureInstalled, node, nodeEnv, nodeFlags, root } from './install.mjs';

const PROGRAMS = {
  sandbox: ['collector-service/src/entry/cli/collector.ts', 'sandbox'],
  bench: ['collector-service/bench/main.ts'],
  crash: ['collector-service/bench/crash/main.ts'],
  mutants: ['collector-service/bench/mutants/main.ts'],
};
const [name, ...args] = process.argv.slice(2);
const [file, ...first] = PROGRAMS[name];

// Mutants are judged by the tests, which need the tool chain.
ensureInstalled(name === 'mutants' ? 'all' : 'main');
const child = spawn(node, [...nodeFlags, join(root, file), ...first, ...args], { cwd: root, stdio: 'inherit', env: nodeEnv });
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => signal !== 'SIGINT' && child.kill(signal));
child.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)));
