import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { canContain, contain } from '@amc-reports/test-support/store/container.ts';

const PROCESS = [process.execPath, join(import.meta.dirname, '../../../../../test-support/store/full-disk-process.ts')];

/** A small disk of its own needs root, and a namespace that takes it along when it ends. */
const testOnSmallDisk = canContain && process.getuid?.() === 0 ? test : test.skip;

testOnSmallDisk('a server that ended since its disk was full is started again once there is room, with every committed row', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'amc-reports-small-disk-'));
  const mounted = 'mount -t tmpfs -o size=230m,mode=755 none "$2" && exec "$0" "$1" "$2"';
  const container = contain(['sh', '-c', mounted, ...PROCESS, directory]);
  try {
    expect({ code: await container.ended, stderr: container.stderr() }).toEqual({ code: 0, stderr: '' });
    const said = container
      .stdout()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
    expect(said).toEqual([
      'ENOSPC',
      expect.objectContaining({ name: 'restarting', diskFull: true }),
      { name: 'running' },
      [{ count: 1000 }],
    ]);
  } finally {
    await container.kill();
    await rm(directory, { recursive: true, force: true });
  }
});
