// Installs what a job needs, before anything is installed: plain Node, no dependencies.
//
// 'main' is what the collector needs to run; 'all' adds the plugins' tool chain, the linters and the browser tests.
// An install is skipped when its stamp matches the lockfile, and refused while the product runs from this folder:
// reinstalling would pull the database's libraries from under it.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));
export const node = join(root, 'node_modules', '.bin', process.platform === 'win32' ? 'node.cmd' : 'node');
/**
 * Result files pass through as buffers outside V8's heap, and while that is small, every few of them start a collection of all of it,
 * which takes a third of the processor time of a backfill. The Dockerfile starts Node alike.
 */
export const nodeFlags = ['--initial-old-space-size=128'];
/** Processes start in half the time when what Node makes of the sources is kept; the collector's commands keep it in the same place. */
export const nodeEnv = {
  ...process.env,
  NODE_COMPILE_CACHE: join(root, 'node_modules', '.cache', 'node'),
};
const stampFile = join(root, 'node_modules', '.amc-reports-install');
const NODE_MAJOR = readFileSync(join(root, '.nvmrc'), 'utf8').trim();

/** @param {'main' | 'all'} scope */
export function ensureInstalled(scope) {
  if (!isInstalled(scope)) {
    refuseWhileRunning();
    rmSync(stampFile, { force: true });
    install(scope);
    writeFileSync(stampFile, JSON.stringify({ scope, lock: lockHash() }));
  }
  checkNode();
}

/** @param {'main' | 'all'} scope */
export function isInstalled(scope) {
  if (!existsSync(stampFile)) return false;
  const stamp = JSON.parse(readFileSync(stampFile, 'utf8'));
  return stamp.lock === lockHash() && (stamp.scope === 'all' || stamp.scope === scope);
}

const lockHash = () =>
  createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');

function install(scope) {
  const what = scope === 'main' ? 'what the collector needs' : 'everything, the plugins’ tool chain included';
  console.error(`Installing ${what} …`);
  // NODE_ENV=production would omit Node 24 itself, ignore-scripts would leave it without its binary.
  const only = scope === 'main' ? ['--workspace', 'collector-service', '--include-workspace-root'] : [];
  const result = spawnSync(
    'npm',
    ['ci', '--include=dev', '--ignore-scripts=false', '--no-audit', '--no-fund', '--loglevel=error', ...only],
    {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      shell: process.platform === 'win32',
    },
  );
  if (result.error) fail(`npm could not be started (${result.error.message}). Is it on the PATH?`);
  if (result.status !== 0)
    fail('npm ci failed; its message is above. It needs the package registry: check network and proxy, then run the command again.');
}

function checkNode() {
  const { stdout } = spawnSync(node, ['--version'], { encoding: 'utf8', shell: process.platform === 'win32' });
  if (stdout?.startsWith(`v${NODE_MAJOR}.`)) return;
  fail(
    `node_modules/.bin/node is ${stdout?.trim() || 'missing'}, but Node ${NODE_MAJOR} is needed. Remove node_modules and run the command again.`,
  );
}

function refuseWhileRunning() {
  const lockFile = join(root, process.env.DATA_DIR || '.data', 'lock');
  if (!existsSync(lockFile)) return;
  const pid = Number(readFileSync(lockFile, 'utf8').split(' ')[0]);
  if (!isAlive(pid)) return;
  fail(
    `AMC Reports is running from this folder (process ${pid}), and the packages have changed. Stop it with Ctrl-C, then run the command again.`,
  );
}

function isAlive(pid) {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
