import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const run = (args: string[], env: Record<string, string> = {}) =>
  spawnSync(process.execPath, [join(__dirname, 'collector.ts'), ...args], { encoding: 'utf8', env: { PATH: '/usr/bin:/bin', ...env } });

it.each([
  'start',
  'serve',
  'sandbox',
  'check',
  'migrate',
  'backfill',
  'status',
  'schedule',
  'held',
  'import',
  'query',
  'files',
  'rebuild',
  'clean-up',
  'dataset',
  'citus-plan',
])('%s explains itself', (command) => {
  const { status, stdout } = run([command, '--help']);
  expect(status).toBe(0);
  expect(stdout).toMatch(/Usage: collector /);
  expect(stdout.split('\n').length).toBeGreaterThan(6);
});

it('names every mistake of the configuration at once and exits with 1', () => {
  const { status, stderr } = run(['serve'], { PORT: 'http', GRAFANA_ORGS: 'main', AMC_CLIENT_ID: 'x' });
  expect(status).toBe(1);
  for (const name of ['PORT', 'GRAFANA_ORGS', 'AMC_CLIENT_SECRET', 'AMC_INSTANCE_ID']) expect(stderr).toContain(`${name}: `);
  expect(stderr).not.toContain('bug');
});

it('gives the error of a command its help', () => {
  const { status, stderr } = run(['backfill']);
  expect(status).toBe(1);
  expect(stderr).toContain("required option '--dataset <name>'");
});

it('names a missing provisioning folder', () => {
  const { status, stderr } = run(['migrate'], { PROVISIONING_DIR: '/nowhere/amc' });
  expect([status, stderr]).toEqual([1, expect.stringContaining('/nowhere/amc')]);
  expect(stderr).not.toContain('bug');
});
