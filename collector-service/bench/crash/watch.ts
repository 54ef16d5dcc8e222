import { setTimeout as sleep } from 'node:timers/promises';
import type { Dataset } from '../../src/data/catalogue/dataset.ts';
import { factTable, rollupTable, storedName } from '../../src/data/catalogue/tables.ts';
import { rollupGrains } from '../../src/data/store/table-shape.ts';
import { patiently } from './patience.ts';
import type { World, WorldCollection } from './world.ts';
import { Violation } from './violation.ts';

const PAUSE_MS = 40;
const LONGEST_TRANSACTION_S = 60;

interface OldTransaction {
  /** Process and beginning. */
  key: string;
  does: string;
}

export interface Watch {
  reads: number;
  mostConnections: number;
  /** Longest time that a lease had run out and nobody had taken the run over, in ms. */
  oldestLeaseMs: number;
  /** Ends the watching. @throws the violation that was seen */
  stop(): Promise<void>;
  /** Set as soon as something was seen. */
  seen: Violation | undefined;
}

/**
 * While everything goes on: what a reader sees in one snapshot agrees with itself (I9), no transaction is old (I10), no lease lies about.
 */
export function startWatch(world: World): Watch {
  const watch: Watch = { reads: 0, mostConnections: 0, oldestLeaseMs: 0, seen: undefined, stop };
  let stopped = false;
  const loop = async (look: () => Promise<void>, pauseMs: number): Promise<void> => {
    while (!stopped && watch.seen === undefined) {
      try {
        await patiently(look);
      } catch (error) {
        watch.seen = error instanceof Violation ? error : new Violation('watch', String(error));
      }
      await sleep(pauseMs);
    }
  };
  let turn = 0;
  let oldBefore: ReadonlySet<string> = new Set();
  const running = [
    loop(async () => {
      await readWhole(world, world.collections[turn++ % world.collections.length]!);
      watch.reads++;
    }, PAUSE_MS),
    loop(async () => {
      const { rows } = await world.store.pool.query<{ connections: number; lease: number | null; old: OldTransaction[] }>(
        `SELECT (SELECT count(*)::int FROM pg_stat_activity WHERE backend_type = 'client backend') AS connections,
           (SELECT coalesce(json_agg(json_build_object('key', concat_ws(' ', pid, xact_start), 'does', concat_ws(': ', state, left(query, 200)))), '[]')
            FROM pg_stat_activity WHERE backend_type = 'client backend' AND xact_start < now() - $1::float8 * interval '1 s') AS old,
           (SELECT max(extract(epoch FROM now() - lease_until) * 1000)::float8 FROM week_runs
            WHERE state IN ('creating', 'running', 'downloading', 'merging') AND lease_until > '-infinity') AS lease`,
        [LONGEST_TRANSACTION_S],
      );
      const { connections, old, lease } = rows[0]!;
      watch.mostConnections = Math.max(watch.mostConnections, connections);
      watch.oldestLeaseMs = Math.max(watch.oldestLeaseMs, lease ?? 0);
      // A backend that is just starting shows the transaction of whoever was killed in its place before; the next look tells.
      const still = old.find(({ key }) => oldBefore.has(key));
      if (still !== undefined)
        throw new Violation('I10', `a transaction is open for more than ${LONGEST_TRANSACTION_S} s: ${still.key} ${still.does}`);
      oldBefore = new Set(old.map(({ key }) => key));
    }, 500),
  ];
  async function stop(): Promise<void> {
    stopped = true;
    await Promise.all(running);
    if (watch.seen) throw watch.seen;
  }
  return watch;
}

/** Rows, their sums, the sums of every roll-up and the week's record, all in one snapshot. */
async function readWhole({ store }: World, { instance, dataset }: WorldCollection): Promise<void> {
  const whole = { isolation: 'repeatable read' as const };
  const { rows } = await store.transaction(
    (tx) => tx.query<{ week: string }>(disagreement(dataset), [instance.id, dataset.dataset, dataset.version]),
    whole,
  );
  if (rows[0])
    throw new Violation(
      'I9',
      `a reader saw week ${rows[0].week} of ${dataset.dataset}, ${instance.amcInstanceId}, half-merged: ${JSON.stringify(rows[0])}`,
    );
}

/** Weeks whose rows, roll-ups and record do not say the same. $1 the instance, $2 and $3 the dataset. */
export function disagreement(dataset: Dataset): string {
  const measures = dataset.columns.filter((column) => column.role === 'measure').map(storedName);
  const sums = (table: string): string =>
    `SELECT week, ${measures.map((name) => `coalesce(sum(${name}), 0)`).join(', ')} FROM ${table} WHERE instance_id = $1 GROUP BY week`;
  const fact = factTable(dataset);
  const rollups = rollupGrains(dataset)
    .filter(({ grain }) => grain !== 'day')
    .map(({ rollup, grain }) => rollupTable(dataset, rollup, grain));
  return [
    ...rollups.map((table) => `SELECT week::text, '${table}' AS place FROM ((${sums(fact)}) EXCEPT (${sums(table)})) AS only_in_rows`),
    ...rollups.map((table) => `SELECT week::text, '${table}' AS place FROM ((${sums(table)}) EXCEPT (${sums(fact)})) AS only_in_rollup`),
    `SELECT week::text, 'record' AS place FROM report_data_weeks w
     WHERE instance_id = $1 AND dataset = $2 AND dataset_version = $3
       AND row_count <> (SELECT count(*) FROM ${fact} f WHERE f.instance_id = $1 AND f.week = w.week)`,
  ].join(' UNION ALL ');
}
