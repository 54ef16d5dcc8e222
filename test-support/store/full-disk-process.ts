import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { startEmbeddedPostgres } from '@amc-reports/collector-service/data/store/embedded.ts';

/**
 * Runs a server on the small disk of the given directory, fills that until the server ends, makes room again, and says line by line, as
 * JSON, what the server was doing and what is left of 1,000 committed rows.
 */
const disk = process.argv[2]!;
const say = (what: unknown): void => void process.stdout.write(`${JSON.stringify(what)}\n`);
const postgres = await startEmbeddedPostgres({ dataDir: join(disk, 'data'), restartPauses: Array<number>(100_000).fill(50) });
const pool = new pg.Pool({ connectionString: postgres.adminUrl, max: 1 });
pool.on('error', () => undefined);
pool.on('connect', (client) => client.on('error', () => undefined));
await pool.query('CREATE TABLE kept AS SELECT generate_series(1, 1000) AS a');

const filler = openSync(join(disk, 'filler'), 'w');
try {
  for (;;) writeSync(filler, Buffer.alloc(65_536));
} catch (error) {
  say((error as NodeJS.ErrnoException).code);
}
closeSync(filler);
// Nothing but the write-ahead log grows: without room for that PostgreSQL has to end.
while (postgres.state().name === 'running')
  await pool.query(`SELECT pg_logical_emit_message(true, 'fill', repeat('x', 4000000))`).catch(() => undefined);
for (let state = postgres.state(); state.name !== 'restarting' || state.attempt < 3; state = postgres.state()) await sleep(10);
say(postgres.state());

rmSync(join(disk, 'filler'));
while (postgres.state().name !== 'running') await sleep(10);
say(postgres.state());
say((await pool.query('SELECT count(*)::int AS count FROM kept')).rows);
await pool.end();
await postgres.stop();
