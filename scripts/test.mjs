// npm test: every check and every suite, and one honest line at the end that adds them all up.
//
// Only what needs Go, Chromium or Grafana may be skipped; each skip is named and counted, and REQUIRE_ALL=1 makes it a failure.
// `npm test -- collector dashboards` runs only the suites named; `npm run test:long` what takes too long for every change.
import { ensureInstalled, node, root } from './install.mjs';
import { longSuites, suites as usualSuites } from './suites.mjs';

ensureInstalled('all');
if (!process.version.startsWith('v24.')) {
  // Everything after the install runs on the pinned Node, whatever Node npm was started with.
  const { spawnSync } = await import('node:child_process');
  process.exit(spawnSync(node, process.argv.slice(1), { cwd: root, stdio: 'inherit' }).status ?? 1);
}

const args = process.argv.slice(2);
const suites = args.includes('--long') ? longSuites : usualSuites;
const wanted = args.filter((arg) => arg !== '--long');
const unknown = wanted.filter((name) => !suites.some((suite) => suite.name === name));
if (unknown.length > 0) {
  console.error(`No suite is called ${unknown.join(', ')}. There are: ${suites.map((suite) => suite.name).join(', ')}.`);
  process.exit(2);
}

const results = [];
for (const suite of suites) {
  if (wanted.length > 0 && !wanted.includes(suite.name)) continue;
  console.log(`\n── ${suite.name}: ${suite.what}`);
  const started = Date.now();
  const result = suite.run();
  results.push({ name: suite.name, seconds: Math.round((Date.now() - started) / 1000), ...result });
}

console.log('\nSuite                 passed  failed  skipped  seconds');
for (const { name, passed, failed, skipped, seconds } of results) {
  console.log(`${name.padEnd(20)} ${[passed, failed, skipped, seconds].map((n) => String(n).padStart(7)).join(' ')}`);
}
const skips = results.flatMap(({ name, reasons = [] }) => reasons.map((reason) => `${name}: ${reason}`));
if (skips.length > 0) console.log(`\nSkipped:\n${skips.map((skip) => `  ${skip}`).join('\n')}`);

const sum = (key) => results.reduce((total, result) => total + result[key], 0);
const strict = process.env.REQUIRE_ALL === '1';
if (strict && sum('skipped') > 0) console.log('\nREQUIRE_ALL=1: what was skipped counts as failed.');
const failed = sum('failed') + (strict ? sum('skipped') : 0);
console.log(`\n${sum('passed')} passed, ${failed} failed, ${strict ? 0 : sum('skipped')} skipped`);
process.exit(failed > 0 ? 1 : 0);
