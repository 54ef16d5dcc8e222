import { canContain } from '@amc-reports/test-support/store/container.ts';
import { table } from '../table.ts';
import type { Proof } from './invariants.ts';
import type { CrashOptions } from './options.ts';
import type { RunRecord } from './run.ts';
import type { World } from './world.ts';

export interface Figures {
  [name: string]: unknown;
  text: string;
}

/** From a kill to the moment when another worker claimed the run that was in its hands, in ms by the database's clock. */
async function recoveryTimes(world: World, record: RunRecord): Promise<number[]> {
  const times: number[] = [];
  for (const claim of record.kills.orphaned) {
    const { rows } = await world.store.pool.query<{ ms: number }>(
      `SELECT (extract(epoch FROM at - $3::timestamptz) * 1000)::float8 AS ms FROM crash_changes
       WHERE run_id = $1 AND to_fence > $2 ORDER BY id LIMIT 1`,
      [claim.runId, claim.fence, claim.killedAt],
    );
    // None: the dying worker's last commit had ended the step, or its run, already.
    if (rows[0]) times.push(rows[0].ms);
  }
  return times.sort((left, right) => left - right);
}

const percentile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;

export async function figuresOf(
  world: World,
  options: CrashOptions,
  record: RunRecord,
  proof: Proof,
  durationMs: number,
): Promise<Figures> {
  const { kills, watch, pauses } = record;
  const times = await recoveryTimes(world, record);
  const recovery = { p50: percentile(times, 0.5), p95: percentile(times, 0.95), max: times.at(-1) ?? 0 };
  const byState: Record<string, number> = {};
  for (const { state } of kills.orphaned) byState[state] = (byState[state] ?? 0) + 1;
  const states = Object.entries(byState)
    .map(([state, hits]) => `${state} ${hits}`)
    .join(', ');
  const whole = (value: number): string => Math.round(value).toLocaleString('en-US');
  const text = table([
    { what: 'Seed', reached: String(options.seed) },
    { what: 'Duration', reached: `${whole(durationMs / 1000)} s` },
    { what: 'Workers killed (of them with a claim in hand)', reached: `${whole(kills.workers)} (${whole(kills.busy)})` },
    { what: 'PostgreSQL killed, and started again by its supervisor', reached: whole(kills.postgres) },
    {
      what: 'Second containers on its directory, refused',
      reached: canContain ? whole(kills.intruders) : 'none: no right to make namespaces',
    },
    { what: 'Claims orphaned, by state', reached: states },
    {
      what: `Taken over after a kill, lease ${options.leaseMs / 1000} s: p50, p95, max`,
      reached: [recovery.p50, recovery.p95, recovery.max].map((ms) => `${(ms / 1000).toFixed(1)} s`).join(', '),
    },
    { what: 'Weeks compared with the truth', reached: `${whole(proof.weeks)} (${record.rounds} rounds)` },
    { what: 'Executions bought', reached: whole(proof.executions) },
    { what: 'Executions adopted after a lost answer', reached: whole(proof.adoptions) },
    {
      what: 'Most open at once, account and busiest instance',
      reached: `${proof.mostOpen['']}, ${Math.max(...Object.entries(proof.mostOpen).map(([name, most]) => (name === '' ? 0 : most)))}`,
    },
    { what: 'Runs held for a person', reached: whole(proof.held) },
    { what: 'Pauses', reached: whole(pauses.length) },
    { what: 'Whole reads meanwhile', reached: whole(watch.reads) },
    { what: 'Most connections', reached: whole(watch.mostConnections) },
  ]);
  return {
    ...proof,
    seed: options.seed,
    durationMs,
    kills: kills.workers,
    busy: kills.busy,
    postgresKills: kills.postgres,
    intruders: kills.intruders,
    byState,
    recovery,
    text,
  };
}
