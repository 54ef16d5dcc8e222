import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lockDataDirectory } from './data-lock.ts';

const folder = () => mkdtempSync(join(tmpdir(), 'amc-reports-lock-'));

it('lets one process in and names it to the second', () => {
  const dataDir = folder();
  const release = lockDataDirectory(dataDir);
  expect(() => lockDataDirectory(dataDir)).toThrow(`process ${process.pid}`);
  release();
  expect(existsSync(join(dataDir, 'collector.lock'))).toBe(false);
  lockDataDirectory(dataDir)();
});

it('takes over from a process that died', () => {
  const dataDir = folder();
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  writeFileSync(join(dataDir, 'collector.lock'), `${pid}\n`);
  lockDataDirectory(dataDir)();
});

it('takes over a lock that was cut short', () => {
  const dataDir = folder();
  writeFileSync(join(dataDir, 'collector.lock'), '');
  lockDataDirectory(dataDir)();
});

it('takes over from an earlier life with the same process id, as every container start has', () => {
  const dataDir = folder();
  writeFileSync(join(dataDir, 'collector.lock'), `${process.pid}\n`);
  lockDataDirectory(dataDir)();
});
