import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '@amc-reports/collector-service/data/store/embedded.ts';

/** A PostgreSQL that can be taken down under its clients and brought back at the same address. */
export interface MortalPostgres {
  /** Superuser, database postgres. */
  adminUrl: string;
  /** Its directory, which no second server may have. */
  dataDir: string;
  /** SIGQUIT is `pg_ctl stop -m immediate`, SIGKILL a crash of the postmaster itself. Resolves when it is gone. */
  strike(signal: 'SIGQUIT' | 'SIGKILL'): Promise<void>;
  /** Recovers from its log, as after a power cut. Supervised, it comes back by itself; this waits for that. */
  revive(): Promise<void>;
  /** Ends it for good and removes its data. */
  destroy(): Promise<void>;
}

const GONE_DEADLINE_MS = 120_000;

/** Unless supervised it stays down when it was struck, as a database that others run. */
export async function startMortalPostgres({ supervised = false } = {}): Promise<MortalPostgres> {
  const dataDir = await mkdtemp(join(tmpdir(), 'mortal-postgres-'));
  // Under root the server runs as another user and must get in.
  await chmod(dataDir, 0o755);
  const start = (port?: number): Promise<EmbeddedPostgres> =>
    startEmbeddedPostgres({ dataDir, ...(port !== undefined && { port }), restartPauses: supervised ? SUPERVISED_PAUSES : [] });
  let running = await start();
  const adminUrl = new URL(running.adminUrl);
  adminUrl.pathname = '/postgres';
  await hurry(adminUrl.href);
  const pidFile = join(running.directory, 'cluster', 'postmaster.pid');
  const postmaster = async (): Promise<number> => Number((await readFile(pidFile, 'utf8')).split('\n')[0]);

  return {
    adminUrl: adminUrl.href,
    dataDir,
    async strike(signal) {
      const pid = await postmaster();
      process.kill(pid, signal);
      const deadline = Date.now() + GONE_DEADLINE_MS;
      while (await isAlive(pid)) if (Date.now() > deadline) throw new Error(`PostgreSQL ${pid} survived ${signal}.`);
      // Nothing is left to stop; this gives the directory back.
      if (!supervised) await running.stop();
    },
    async revive() {
      if (!supervised) running = await start(Number(adminUrl.port));
      else await untilAnswering(adminUrl.href);
    },
    async destroy() {
      await running.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** However often it is struck, and at once. */
const SUPERVISED_PAUSES = Array<number>(10_000).fill(0);

async function untilAnswering(url: string): Promise<void> {
  const deadline = Date.now() + GONE_DEADLINE_MS;
  for (let failure: unknown; ;) {
    const client = new pg.Client({ connectionString: url });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return await client.end();
    } catch (error) {
      failure = error;
    }
    if (Date.now() > deadline) throw failure;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/**
 * What its processes wrote survives them, so nothing needs to reach the disk; only a machine that fails would tell the difference.
 * synchronous_commit stays on: without it an immediate stop may forget a commit that was confirmed, and that is what is tested.
 */
async function hurry(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  for (const name of ['fsync', 'full_page_writes']) await client.query(`ALTER SYSTEM SET ${name} = off`);
  await client.query('SELECT pg_reload_conf()');
  await client.end();
}

/** A zombie is gone for all that matters. */
async function isAlive(pid: number): Promise<boolean> {
  await new Promise((resolve) => setTimeout(resolve, 10));
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return stat !== '' && stat.slice(stat.lastIndexOf(')') + 2)[0] !== 'Z';
}
