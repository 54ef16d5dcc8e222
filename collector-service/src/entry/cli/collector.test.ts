import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { collectorProgram } from './program.ts';

const run = (args: string[], env: Record<string, string> = {}) =>
  spawnSync(process.execPath, [join(__dirname, 'collector.ts'), ...args], { encoding: 'utf8', env: { PATH: '/usr/bin:/bin', ...env } });

it.each(collectorProgram().commands.map((command) => [command.name(), command] as const))('%s explains itself', (_name, command) => {
  const help = command.helpInformation();
  expect(help).toMatch(/Usage: collector /);
  expect(help.split('\n').length).toBeGreaterThan(6);
});

it('lists its commands when it is asked for help', () => {
  const { status, stdout } = run(['--help']);
  expect(status).toBe(0);
  for (const command of collectorProgram().commands) expect(stdout).toContain(`\n  ${command.name()} `);
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
