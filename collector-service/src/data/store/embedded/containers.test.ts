import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { contain, type Container } from '@amc-reports/test-support/store/container.ts';
import { testContained } from '@amc-reports/test-support/store/test-contained.ts';
import { startEmbeddedPostgres } from '../embedded.ts';

/** Two containers on one volume: pids mean nothing across them, and PostgreSQL's own checks see nothing of each other. */
const COLLECTOR = [process.execPath, join(import.meta.dirname, '../../../../../test-support/store/embedded-process.ts')];

let dataDir: string;
const containers: Container[] = [];

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'amc-reports-volume-'));
  await chmod(dataDir, 0o755);
});
afterEach(async () => {
  for (const container of containers.splice(0)) await container.kill();
  await rm(dataDir, { recursive: true, force: true });
});

function start(command: readonly string[] = COLLECTOR): Container {
  const container = contain([...command, dataDir]);
  containers.push(container);
  return container;
}

async function ask<T>(url: string, sql: string): Promise<T[]> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return (await client.query(sql)).rows as T[];
  } finally {
    await client.end();
  }
}
const count = async (url: string) => (await ask<{ count: number }>(url, 'SELECT count(*)::int AS count FROM kept'))[0]!.count;

testContained('two containers on one volume: the second one is refused, in words, and every committed row stays', async () => {
  const url = await start().firstLine();
  await ask(url, 'CREATE TABLE kept (a int)');

  const second = start();
  expect(await second.outcome()).toBe(1);
  expect(second.stderr()).toMatch(/in use by another container or machine: process 1 there.*docker exec/);
  // Nor is one outside of both let in, whatever process 1 is there.
  await expect(startEmbeddedPostgres({ dataDir })).rejects.toMatchObject({ code: 'conflict', details: { pid: 1 } });

  await ask(url, 'INSERT INTO kept SELECT generate_series(1, 20000)');
  expect(await count(url)).toBe(20_000);
  await containers[0]!.kill();
  expect(await count(await start().firstLine())).toBe(20_000);
});

testContained('after kill -9 of a container the next one starts, with nothing to tidy up', async () => {
  const first = start();
  const url = await first.firstLine();
  await ask(url, 'CREATE TABLE kept AS SELECT generate_series(1, 100)');
  await first.kill();
  expect(await count(await start().firstLine())).toBe(100);
});

testContained(
  'a server whose collector was killed, in a container that lives on, keeps every other container out until it is gone',
  async () => {
    const first = start(['sh', '-c', '"$0" "$1" "$2"; exec sleep 100000', ...COLLECTOR]);
    const url = await first.firstLine();
    await ask(url, 'CREATE TABLE kept AS SELECT generate_series(1, 100)');
    const [shell] = await children(first.child.pid!);
    const [collector] = await children(shell!);
    process.kill(collector!, 'SIGKILL');

    const second = start();
    expect(await second.outcome()).toBe(1);
    expect(second.stderr()).toMatch(/still at work .*Stop that container/);
    expect(await count(url)).toBe(100);
    await first.kill();
    expect(await count(await start().firstLine())).toBe(100);
  },
);

async function children(pid: number): Promise<number[]> {
  return (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')).trim().split(' ').map(Number);
}
