import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { migrate } from './migrate.ts';
import { openStore } from './store.ts';
import { startEmbeddedPostgres, type EmbeddedPostgres } from './embedded.ts';

let root: string;
const running: EmbeddedPostgres[] = [];
const children: ChildProcess[] = [];

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'amc-reports-embedded-'));
  await chmod(root, 0o755);
});
afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
  const directories = running.map((postgres) => postgres.directory);
  for (const postgres of running.splice(0)) await postgres.stop();
  for (const directory of [...directories, root]) await rm(directory, { recursive: true, force: true });
});

async function start(dataDir: string): Promise<EmbeddedPostgres> {
  const postgres = await startEmbeddedPostgres({ dataDir });
  running.push(postgres);
  return postgres;
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

/** Another collector process on the directory, once its server answers. */
async function startElsewhere(dataDir: string): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, '../../../../test-support/store/embedded-process.ts'), dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const [line] = (await once(child.stdout!, 'data')) as [Buffer];
  return { child, url: line.toString().trim() };
}

test('data outlives a stop, the login is no superuser, and the server listens on this machine alone', async () => {
  const first = await start(join(root, 'data'));
  await ask(first.url, 'CREATE TABLE kept (a int)');
  const [role] = await ask<{ super: boolean; address: string; login: string }>(
    first.url,
    `SELECT rolsuper AS super, current_setting('listen_addresses') AS address, current_user AS login FROM pg_roles WHERE rolname = current_user`,
  );
  expect(role).toEqual({ super: false, address: '127.0.0.1', login: 'amc_reports' });
  const password = new URL(first.url).password;
  expect((await readFile(join(first.directory, 'password'), 'utf8')).trim()).toBe(password);
  expect((await stat(join(first.directory, 'password'))).mode & 0o777).toBe(0o600);
  await running.pop()!.stop();
  await expect(ask(first.url, 'SELECT 1')).rejects.toThrow();

  const second = await start(join(root, 'data'));
  expect(await ask(second.url, 'SELECT count(*)::int AS count FROM kept')).toEqual([{ count: 0 }]);
});

test('a wrong password is refused', async () => {
  const { url } = await start(join(root, 'data'));
  const wrong = new URL(url);
  wrong.password = 'guess';
  await expect(ask(wrong.href, 'SELECT 1')).rejects.toThrow('password authentication failed');
});

test('the collector can migrate with the login it gets, making the reader role', async () => {
  const { url } = await start(join(root, 'data'));
  const store = await openStore(url);
  await migrate(store, { datasets: [] });
  expect(
    (await store.pool.query(`SELECT rolbypassrls OR rolsuper AS strong FROM pg_roles WHERE rolname = 'amc_reports_reader'`)).rows,
  ).toEqual([{ strong: false }]);
  await store.close();
});

test('two servers run side by side on directories of their own', async () => {
  const [one, two] = await Promise.all([start(join(root, 'one')), start(join(root, 'two'))]);
  await ask(one.url, 'CREATE TABLE mine (a int)');
  await expect(ask(two.url, 'SELECT FROM mine')).rejects.toThrow('does not exist');
});

test('a second start on a directory in use is refused and names the process, in this one and in another', async () => {
  await start(join(root, 'data'));
  await expect(startEmbeddedPostgres({ dataDir: join(root, 'data') })).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining(`process ${process.pid}`),
  });

  const { child } = await startElsewhere(join(root, 'other'));
  await expect(startEmbeddedPostgres({ dataDir: join(root, 'other') })).rejects.toMatchObject({
    code: 'conflict',
    details: { pid: child.pid },
  });
});

test('after kill -9 of the collector the server it left behind is stopped, and its committed data is there', async () => {
  const { child, url } = await startElsewhere(join(root, 'data'));
  await ask(url, 'CREATE TABLE kept (a int)');
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
  expect(await ask(url, 'SELECT 1 AS orphan')).toEqual([{ orphan: 1 }]);

  const next = await start(join(root, 'data'));
  expect(await ask(next.url, 'SELECT count(*)::int AS count FROM kept')).toEqual([{ count: 0 }]);
  await expect(ask(url, 'SELECT 1')).rejects.toThrow();
});

test('after kill -9 of the server itself it recovers at the next start', async () => {
  const first = await start(join(root, 'data'));
  await ask(first.url, 'CREATE TABLE kept (a int)');
  const pid = Number((await readFile(join(first.directory, 'cluster', 'postmaster.pid'), 'utf8')).split('\n')[0]);
  process.kill(pid, 'SIGKILL');
  await running.pop()!.stop();
  const second = await start(join(root, 'data'));
  expect(await ask(second.url, 'SELECT count(*)::int AS count FROM kept')).toEqual([{ count: 0 }]);
});

test('a lock and a pid file that name other programs by now are no obstacle', async () => {
  const first = await start(join(root, 'data'));
  const { directory } = first;
  await running.pop()!.stop();
  // As after a restart of a container: the same pid, but another start.
  await writeFile(join(directory, 'lock'), `${process.pid} an earlier boot/1\n`);
  await writeFile(
    join(directory, 'cluster', 'postmaster.pid'),
    `${process.pid}\n${join(directory, 'cluster')}\n1700000000\n5432\n\n127.0.0.1\n0 0\nready\n`,
  );
  const second = await start(join(root, 'data'));
  expect(await ask(second.url, 'SELECT 1 AS here')).toEqual([{ here: 1 }]);
});

test('a directory below a private one works, for root too', async () => {
  const home = join(root, 'private');
  await mkdir(home, { mode: 0o700 });
  const first = await start(join(home, '.data'));
  await ask(first.url, 'CREATE TABLE kept (a int)');
  await running.pop()!.stop();
  const second = await start(join(home, '.data'));
  expect(second.directory).toBe(first.directory);
  expect(await ask(second.url, 'SELECT count(*)::int AS count FROM kept')).toEqual([{ count: 0 }]);
});

test('an interrupted creation is begun anew', async () => {
  await mkdir(join(root, 'data', 'cluster.new'), { recursive: true });
  await writeFile(join(root, 'data', 'cluster.new', 'PG_VERSION'), '18\n');
  const { url } = await start(join(root, 'data'));
  expect(await ask(url, 'SELECT 1 AS here')).toEqual([{ here: 1 }]);
});

test('data of another PostgreSQL version is refused by its number', async () => {
  await mkdir(join(root, 'data', 'cluster'), { recursive: true });
  await writeFile(join(root, 'data', 'cluster', 'PG_VERSION'), '15\n');
  await expect(startEmbeddedPostgres({ dataDir: join(root, 'data') })).rejects.toMatchObject({
    code: 'config_invalid',
    message: expect.stringContaining('PostgreSQL 15'),
  });
});

test('a port that is taken is said to be, and the directory is free again', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await expect(startEmbeddedPostgres({ dataDir: join(root, 'data'), port })).rejects.toMatchObject({
    code: 'database_unavailable',
    message: expect.stringContaining('port is taken'),
  });
  await new Promise((resolve) => server.close(resolve));
  const { url } = await start(join(root, 'data'));
  expect(await ask(url, 'SELECT 1 AS here')).toEqual([{ here: 1 }]);
});
