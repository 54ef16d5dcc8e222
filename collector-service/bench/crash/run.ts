import { setTimeout as sleep } from 'node:timers/promises';
import { oldestCollectableWeek } from '../../src/ground/calendar/week.ts';
import { retryWeek } from '../../src/engine/collect/collections/retry-week.ts';
import { startCrew, type Crew } from './crew.ts';
import { killPostgres, killWorker, noKills, type KillRecord } from './kills.ts';
import { SHORTEST_APART_MS, type CrashOptions } from './options.ts';
import { patiently } from './patience.ts';
import { startPauses, type Pause } from './pauses.ts';
import { seeded, type Random } from './random.ts';
import { startWatch, type Watch } from './watch.ts';
import { workerSettings } from './settings.ts';
import type { Timeline } from './timeline.ts';
import { Violation } from './violation.ts';
import { DATASETS, TIME_ZONE, type World } from './world.ts';

export interface RunRecord {
  kills: KillRecord;
  pauses: Pause[];
  watch: Watch;
  /** How often every week was asked for, the first time included. */
  rounds: number;
  /** Weeks asked for again by a person, as the audit log must show. */
  retries: number;
}

/** No week changed its state for so long: something is stuck. */
const STUCK_MS = 90_000;
/** The sandbox's days between two rounds: enough for conversions to change, few enough that no week ages out of 13 months. */
const DAYS_BETWEEN_ROUNDS = 2;

/** Collects, kills, and collects again on a later day until every kill was spent and nothing is left to do. */
export async function runCrashes(
  world: World,
  options: CrashOptions,
  timeline: Timeline,
  tell: (text: string) => void,
): Promise<RunRecord> {
  const random = seeded(options.seed);
  const record = { kills: noKills(), rounds: 1, retries: 0 };
  const watch = startWatch(world);
  const crew = await startCrew(
    {
      databaseUrl: world.databaseUrl,
      datasets: DATASETS,
      spoolDirectory: world.folder,
      calendarOffsetMs: 0,
      settings: workerSettings(options.leaseMs),
    },
    world.folder,
  );
  const pausing = startPauses(world, seeded(options.seed + 1), options.leaseMs, timeline);
  try {
    for (;;) {
      await collectUnderFire(world, crew, random, record.kills, options, watch, timeline);
      if (record.kills.workers >= options.kills) break;
      tell(
        `Round ${record.rounds} is collected after ${record.kills.workers} kills; asking for every week again, ${DAYS_BETWEEN_ROUNDS} days later.`,
      );
      record.retries += await nextRound(world, crew, timeline);
      record.rounds++;
    }
    const pauses = await pausing.stop();
    await quiet(world, watch);
    await watch.stop();
    return { ...record, pauses, watch };
  } finally {
    await crew.end();
  }
}

/** Kills until the kills are spent, then waits for the work to end; returns earlier when the work runs out. */
async function collectUnderFire(
  world: World,
  crew: Crew,
  random: Random,
  kills: KillRecord,
  options: CrashOptions,
  watch: Watch,
  timeline: Timeline,
): Promise<void> {
  const postgresEvery = options.postgresKills === 0 ? Infinity : Math.max(1, Math.floor(options.kills / options.postgresKills));
  while (kills.workers < options.kills) {
    await crew.whole();
    await sleep(random.between(SHORTEST_APART_MS, options.apartMs));
    if (watch.seen) throw watch.seen;
    const duePostgres = kills.postgres < options.postgresKills && kills.workers >= (kills.postgres + 0.5) * postgresEvery;
    // A worker dies while PostgreSQL is down or recovering, now and then.
    const striking = duePostgres ? killPostgres(world, random, kills, timeline) : undefined;
    await killWorker(world, crew, random, kills, timeline);
    await striking;
    if (kills.workers % 10 === 0 && (await openRuns(world)).length === 0) return;
    await assertProgress(world);
  }
  await quiet(world, watch);
}

async function quiet(world: World, watch: Watch): Promise<void> {
  while ((await openRuns(world)).length > 0) {
    await sleep(200);
    if (watch.seen) throw watch.seen;
    await assertProgress(world);
  }
}

const openRuns = async (world: World): Promise<{ run_id: string }[]> =>
  (
    await patiently(() =>
      world.store.pool.query<{ run_id: string }>(
        `SELECT id AS run_id, state, week::text, not_before, lease_until, error_code FROM week_runs
         WHERE state IN ('planned', 'creating', 'running', 'downloading', 'merging') LIMIT 3`,
      ),
    )
  ).rows;

async function assertProgress(world: World): Promise<void> {
  const { rows } = await patiently(() =>
    world.store.pool.query<{ idle: number | null }>(
      `SELECT (extract(epoch FROM clock_timestamp() - max(at)) * 1000)::float8 AS idle FROM crash_changes`,
    ),
  );
  if ((rows[0]!.idle ?? 0) < STUCK_MS) return;
  const open = await openRuns(world);
  throw new Violation(
    'stuck',
    `nothing happened for ${STUCK_MS / 1000} s; open: ${JSON.stringify(open)}`,
    open.map((run) => run.run_id),
  );
}

/** While nobody works: another day, and every week that Amazon still has is asked for again. */
async function nextRound(world: World, crew: Crew, timeline: Timeline): Promise<number> {
  await world.advance(DAYS_BETWEEN_ROUNDS);
  const oldest = oldestCollectableWeek(world.clock(), TIME_ZONE);
  let retries = 0;
  for (const collection of world.collections) {
    const { rows } = await patiently(() =>
      world.store.pool.query<{ week: string }>(
        'SELECT DISTINCT week::text FROM week_runs WHERE collection_id = $1 AND week >= $2 ORDER BY week',
        [collection.id, oldest],
      ),
    );
    for (const { week } of rows) {
      await patiently(() => retryWeek(world.context(), { id: collection.id, week }));
      retries++;
    }
  }
  timeline.note('another round', { weeks: retries, now: world.clock().toISOString() });
  await crew.restart(world.calendarOffsetMs());
  return retries;
}
