import { join } from 'node:path';
import { figuresOf } from './figures.ts';
import { checkInvariants } from './invariants.ts';
import { HELP, readOptions, type CrashOptions } from './options.ts';
import { runCrashes } from './run.ts';
import { openTimeline } from './timeline.ts';
import { Violation } from './violation.ts';
import { createWorld, type World } from './world.ts';

/** A kill that met an idle worker proves nothing; fewer than this share of busy ones and the run counts as failed. */
const BUSY_AT_LEAST = 0.3;

async function run(options: CrashOptions): Promise<number> {
  const timeline = openTimeline(options.timeline);
  const tell = (text: string): void => console.error(`${(timeline.elapsedMs() / 1000).toFixed(0).padStart(5)} s  ${text}`);
  tell(`Seed ${options.seed}, ${options.kills} kills of workers, ${options.postgresKills} of PostgreSQL. Timeline: ${options.timeline}`);
  const world = await createWorld(options.weeks);
  timeline.note('start', { ...options });
  tell(`The sandbox stands; ${world.collections.length} collections of ${options.weeks} weeks are planned.`);
  try {
    const record = await runCrashes(world, options, timeline, tell);
    const durationMs = timeline.elapsedMs();
    tell('Everything is quiet; checking the invariants.');
    const proof = await checkInvariants(world, record, options.leaseMs);
    if (record.kills.workers < options.kills || record.kills.postgres < options.postgresKills)
      throw new Violation('faults', `only ${record.kills.workers} workers and ${record.kills.postgres} times PostgreSQL were killed`);
    if (record.kills.busy < record.kills.workers * BUSY_AT_LEAST)
      throw new Violation('faults', `only ${record.kills.busy} of ${record.kills.workers} kills hit a worker with a claim in hand`);
    if (record.pauses.length === 0) throw new Violation('faults', 'no collection was paused');
    const { text, ...figures } = await figuresOf(world, options, record, proof, durationMs);
    timeline.note('passed', figures);
    console.log(`${text}\n\nEvery invariant holds: 0 weeks lost, 0 doubled, 0 stuck.`);
    return 0;
  } catch (error) {
    timeline.note('failed', { message: String(error) });
    console.error(error instanceof Violation ? `\nVIOLATION ${error.message}` : error);
    if (error instanceof Violation) await showHistories(world, error, timeline.note);
    console.error(
      `\nReplay: npm run crash -- --seed ${options.seed} --kills ${options.kills} --postgres-kills ${options.postgresKills} --apart-ms ${options.apartMs} --weeks ${options.weeks} --lease-ms ${options.leaseMs}`,
    );
    return 1;
  } finally {
    await world.close().catch((error: unknown) => console.error(error));
    await timeline.close();
  }
}

async function showHistories(
  world: World,
  { runIds }: Violation,
  note: (event: string, details: Record<string, unknown>) => void,
): Promise<void> {
  for (const runId of runIds) {
    const { rows } = await world.store.pool.query(
      `SELECT to_char(at, 'HH24:MI:SS.MS') AS at, from_state, to_state, from_fence, to_fence, owner, execution_id, attempt FROM crash_changes
       WHERE (collection_id, week) IN (SELECT collection_id, week FROM week_runs WHERE id = $1) ORDER BY id`,
      [runId],
    );
    note('history', { runId, rows });
    console.error(`\nHistory of the week of run ${runId}:`);
    for (const row of rows) console.error(`  ${JSON.stringify(row)}`);
  }
}

let options: CrashOptions | undefined;
try {
  options = readOptions(process.argv.slice(2), join(import.meta.dirname, '..', '..', '..'));
} catch (error) {
  console.error((error as Error).message);
  process.exit(2);
}
if (options) process.exitCode = await run(options);
else console.log(HELP);
