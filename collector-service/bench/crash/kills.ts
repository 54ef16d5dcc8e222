import { canContain } from '@amc-reports/test-support/store/container.ts';
import type { Crew } from './crew.ts';
import { intrude } from './intruder.ts';
import { patiently } from './patience.ts';
import type { Random } from './random.ts';
import type { Timeline } from './timeline.ts';
import type { World } from './world.ts';

/** A claim that a worker held when it was killed, by the database's clock. */
export interface OrphanedClaim {
  runId: string;
  state: string;
  fence: string;
  killedAt: Date;
}

export interface KillRecord {
  workers: number;
  /** Kills that hit a worker with at least one claim in its hands. */
  busy: number;
  postgres: number;
  /** Containers that tried to start a second server meanwhile, and were refused. */
  intruders: number;
  orphaned: OrphanedClaim[];
}

export const noKills = (): KillRecord => ({ workers: 0, busy: 0, postgres: 0, intruders: 0, orphaned: [] });

/** SIGKILLs one of the three and notes what it had in hand. */
export async function killWorker(world: World, crew: Crew, random: Random, record: KillRecord, timeline: Timeline): Promise<void> {
  const pid = await crew.killOne(random);
  const { rows } = await patiently(() =>
    world.store.pool.query<OrphanedClaim>(
      `SELECT id AS "runId", state, fence, clock_timestamp() AS "killedAt" FROM week_runs
       WHERE split_part(lease_owner, ':', 2) = $1 AND lease_until > now()`,
      [String(pid)],
    ),
  );
  record.workers++;
  if (rows.length > 0) record.busy++;
  record.orphaned.push(...rows);
  timeline.note('kill', { number: record.workers, pid, held: rows.map(({ runId, state, fence }) => ({ run: runId, state, fence })) });
}

/** Takes PostgreSQL down under everybody, in one of the two ways; its supervisor brings it back, while another container wants its directory. */
export async function killPostgres(world: World, random: Random, record: KillRecord, timeline: Timeline): Promise<void> {
  const signal = random.pick(['SIGQUIT', 'SIGKILL'] as const);
  timeline.note('postgres killed', { number: ++record.postgres, signal });
  const intruding = canContain ? intrude(world.postgres.dataDir) : undefined;
  await world.postgres.strike(signal);
  await world.postgres.revive();
  await intruding;
  if (canContain) record.intruders++;
  timeline.note('postgres is back');
}
