import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { chooseAccount } from '@amc-reports/collector-service/data/store/embedded/account.ts';

/** Debian's package puts it where an ordinary user's PATH does not lead. */
const BINARY = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin']
  .map((folder) => join(folder, 'pgbouncer'))
  .find((path) => existsSync(path));

/** Whether PgBouncer is installed (the package pgbouncer). */
export const pgBouncerAtHand = BINARY !== undefined;

export interface PgBouncer {
  /** The same login and database as the given address, through the pooler. */
  through(url: string): string;
  close(): Promise<void>;
}

/** Starts PgBouncer in front of a server, with no setting but what it cannot do without. */
export async function startPgBouncer(
  serverUrl: string,
  { mode, poolSize }: { mode: 'transaction' | 'session'; poolSize: number },
): Promise<PgBouncer> {
  const { hostname, port: serverPort, username, password } = new URL(serverUrl);
  const directory = await mkdtemp(join(tmpdir(), 'pgbouncer-'));
  await chmod(directory, 0o755);
  const port = await freePort();
  const file = join(directory, 'pgbouncer.ini');
  await writeFile(
    file,
    `[databases]
* = host=${hostname} port=${serverPort} user=${decodeURIComponent(username)} password='${decodeURIComponent(password)}'
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
pool_mode = ${mode}
default_pool_size = ${poolSize}
`,
    { mode: 0o644 },
  );
  // It refuses to run as root.
  const child = spawn(BINARY!, ['-q', file], { ...(await chooseAccount(directory)), stdio: ['ignore', 'ignore', 'pipe'] });
  const through = (url: string): string => {
    const passing = new URL(url);
    passing.hostname = '127.0.0.1';
    passing.port = String(port);
    return passing.href;
  };
  await answering(child, through(serverUrl));
  return {
    through,
    async close() {
      if (child.exitCode === null) {
        child.kill('SIGKILL');
        await once(child, 'exit');
      }
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function answering(child: ChildProcess, url: string): Promise<void> {
  let said = '';
  child.stderr!.on('data', (chunk: Buffer) => (said += chunk.toString()));
  while (child.exitCode === null) {
    const client = new pg.Client(url);
    client.on('error', () => undefined);
    try {
      await client.connect();
      return;
    } catch {
      await sleep(50);
    } finally {
      await client.end();
    }
  }
  throw new Error(`PgBouncer ended: ${said}`);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
