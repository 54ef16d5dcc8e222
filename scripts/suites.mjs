// The suites of npm test. Each runs a tool, reads the tool's own count and returns {passed, failed, skipped, reasons}.
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildPlugins } from './build-plugins.mjs';
import { goAtHand, grafanaAtHand } from './grafana-at-hand.mjs';
import { nodeEnv, root } from './install.mjs';

const bin = join(root, 'node_modules', '.bin');
// Whatever the suites write goes with the run, also what killed processes left. Under root, PostgreSQL must be able to pass.
const scratch = mkdtempSync(join(tmpdir(), 'amc-reports-tests-'));
chmodSync(scratch, 0o755);
process.on('exit', () => rmSync(scratch, { recursive: true, force: true, maxRetries: 3 }));
const env = { ...nodeEnv, PATH: `${bin}:${process.env.PATH}`, FORCE_COLOR: '0', TMPDIR: scratch };

const run = (command, args, { cwd = root, quiet = false, extraEnv = {} } = {}) =>
  spawnSync(command, args, {
    cwd,
    env: { ...env, ...extraEnv },
    encoding: 'utf8',
    stdio: ['ignore', quiet ? 'pipe' : 'inherit', 'inherit'],
    maxBuffer: 1 << 28,
  });

/** A tool that only says yes or no counts as one test. */
const check = (command, args) => () =>
  run(command, args).status === 0 ? { passed: 1, failed: 0, skipped: 0 } : { passed: 0, failed: 1, skipped: 0 };

const jest = (folder, extraEnv) => () => {
  const report = join(scratch, `${folder}.json`);
  const { status } = run('jest', ['--json', `--outputFile=${report}`, '--silent=false'], {
    cwd: join(root, folder),
    quiet: true,
    extraEnv,
  });
  if (!existsSync(report)) return { passed: 0, failed: 1, skipped: 0 };
  const json = JSON.parse(readFileSync(report, 'utf8'));
  // A test file that does not even load has no tests to count: it is one failure.
  const broken = json.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0).length;
  const failed = json.numFailedTests + broken;
  return {
    passed: json.numPassedTests,
    failed: failed === 0 && status !== 0 ? 1 : failed,
    skipped: json.numPendingTests + json.numTodoTests,
    reasons: json.testResults.flatMap((file) =>
      file.assertionResults.filter((test) => test.status === 'pending').map((test) => test.fullName),
    ),
  };
};

function go() {
  const cwd = join(root, 'datasource-plugin');
  if (!goAtHand())
    return { passed: 0, failed: 0, skipped: countInFiles(cwd), reasons: ['the data source’s backend needs Go, which is not installed'] };
  const { stdout, status } = run('go', ['test', '-json', './pkg/...'], { cwd, quiet: true });
  const events = stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line));
  for (const event of events)
    if (event.Action === 'output' && /^\s*--- FAIL|^\s+\S+_test\.go:|^FAIL|^panic/.test(event.Output)) process.stdout.write(event.Output);
  const count = (action) => events.filter((event) => event.Action === action && event.Test).length;
  const failed = count('fail');
  return {
    passed: count('pass'),
    failed: failed === 0 && status !== 0 ? 1 : failed,
    skipped: count('skip'),
    reasons: events.filter((event) => event.Action === 'skip' && event.Test).map((event) => event.Test),
  };
}

const countInFiles = (cwd) =>
  Number(
    run('grep', ['-rhcE', '^func Test', 'pkg'], { cwd, quiet: true })
      .stdout.split('\n')
      .reduce((sum, n) => sum + Number(n), 0),
  );

function e2e() {
  const cwd = join(root, 'e2e');
  const listed = run('playwright', ['test', '--list', '--reporter=json'], { cwd, quiet: true });
  const tests = JSON.parse(listed.stdout).suites.flatMap(function titles(suite) {
    return [...(suite.specs ?? []).map((spec) => spec.title), ...(suite.suites ?? []).flatMap(titles)];
  });
  const missing = [
    !grafanaAtHand() && 'Grafana (GRAFANA_URL or a grafana binary on the PATH)',
    !chromiumAtHand() && 'Chromium (the chromium package, or CHROMIUM_PATH)',
    !goAtHand() && 'Go',
  ].filter(Boolean);
  if (missing.length > 0)
    return { passed: 0, failed: 0, skipped: tests.length, reasons: tests.map((title) => `${title}: needs ${missing.join(', ')}`) };
  buildPlugins();
  const report = join(scratch, 'e2e.json');
  const { status } = run('playwright', ['test', '--reporter=list,json'], { cwd, extraEnv: { PLAYWRIGHT_JSON_OUTPUT_NAME: report } });
  if (!existsSync(report)) return { passed: 0, failed: 1, skipped: 0 };
  const { stats } = JSON.parse(readFileSync(report, 'utf8'));
  const failed = stats.unexpected + stats.flaky;
  return { passed: stats.expected, failed: failed === 0 && status !== 0 ? 1 : failed, skipped: stats.skipped };
}

/** What npm run test:long runs: too long for every change, before a release. */
export const longSuites = [
  { name: 'collector-long', what: 'every crash point with an outage of PostgreSQL', run: jest('collector-service', { TEST_LONG: '1' }) },
];

const chromiumAtHand = () => existsSync(process.env.CHROMIUM_PATH || '/usr/bin/chromium');

export const suites = [
  { name: 'types-collector', what: 'TypeScript, collector-service', run: check('tsc', ['-p', 'collector-service']) },
  { name: 'types-sandbox', what: 'TypeScript, sandbox', run: check('tsc', ['-p', 'sandbox']) },
  { name: 'types-test-support', what: 'TypeScript, test-support', run: check('tsc', ['-p', 'test-support']) },
  { name: 'types-datasource', what: 'TypeScript, datasource-plugin', run: check('tsc', ['-p', 'datasource-plugin']) },
  { name: 'types-app', what: 'TypeScript, app-plugin', run: check('tsc', ['-p', 'app-plugin']) },
  { name: 'types-dashboards', what: 'TypeScript, dashboards and e2e', run: check('tsc', ['-p', 'dashboards']) },
  { name: 'lint', what: 'ESLint', run: check('eslint', ['.', '--max-warnings=0']) },
  { name: 'format', what: 'Prettier', run: check('prettier', ['--check', '--log-level=warn', '.']) },
  {
    name: 'floors',
    what: 'imports run downward only (dependency-cruiser)',
    run: check('depcruise', ['collector-service/src', 'sandbox/src', 'test-support', 'datasource-plugin/src', 'app-plugin/src']),
  },
  { name: 'toolchain', what: 'what the floors refuse and let through; npm start before an install', run: jest('toolchain') },
  { name: 'collector', what: 'collector-service against real PostgreSQL and the sandbox', run: jest('collector-service') },
  { name: 'sandbox', what: 'the sandbox over HTTP', run: jest('sandbox') },
  {
    name: 'crash',
    what: '60 random kills of workers and 3 of PostgreSQL while they collect (npm run crash)',
    run: check('node', [
      'collector-service/bench/crash/main.ts',
      '--kills',
      '60',
      '--postgres-kills',
      '3',
      '--weeks',
      '12',
      '--seed',
      '60',
    ]),
  },
  { name: 'dashboards', what: 'dashboards, provisioning, compose file', run: jest('dashboards') },
  { name: 'datasource', what: 'data source, front end', run: jest('datasource-plugin') },
  { name: 'app', what: 'app', run: jest('app-plugin') },
  { name: 'packages', what: 'both plugins as they are shipped', run: check('node', ['scripts/check-packages.mjs']) },
  { name: 'backend', what: 'data source, Go backend', run: go },
  { name: 'e2e', what: 'a real Grafana in a real browser', run: e2e },
];
