import { pauseLetThrough } from './pause-check.ts';
import { disagreement } from './watch.ts';
import type { RunRecord } from './run.ts';
import { ACCOUNT_LIMIT, INSTANCE_LIMIT } from './settings.ts';
import { mergedDifferently, storedWrongly } from './stored.ts';
import { compareWithTruth, type Sold } from './truth.ts';
import { expectNone, Violation } from './violation.ts';
import type { World } from './world.ts';

export interface Proof {
  weeks: number;
  held: number;
  executions: number;
  adoptions: number;
  mostOpen: Record<string, number>;
}

/** Checks I1 to I8 and I10 once everything is quiet; the readers have watched over I9 meanwhile. @throws Violation */
export async function checkInvariants(world: World, record: RunRecord, leaseMs: number): Promise<Proof> {
  const sold = await soldExecutions(world);
  const byId = new Map(sold.map((each) => [each.workflowExecutionId, each]));
  await checkEnds(world);
  const weeks = await compareWithTruth(world, byId);
  await checkStored(world);
  const mostOpen = await checkLimits(world);
  const adoptions = await checkPurchases(world, sold, record);
  await checkTransitions(world);
  await checkLeftovers(world);
  await pauseLetThrough(world, sold, record.pauses, leaseMs);
  await checkRecords(world, record);
  const held = await count(world, `SELECT count(*)::int AS count FROM week_runs WHERE state = 'held'`);
  return { weeks, held, executions: sold.length, adoptions, mostOpen };
}

const rowsOf = async <T extends object = { run_id: string }>(world: World, sql: string, ...values: unknown[]): Promise<T[]> =>
  (await world.store.pool.query(sql, values)).rows as T[];
const count = async (world: World, sql: string): Promise<number> => (await rowsOf<{ count: number }>(world, sql))[0]!.count;

async function soldExecutions(world: World): Promise<Sold[]> {
  const answer = (await (await fetch(`${world.sandbox.url}/sandbox/executions`)).json()) as { executions: Sold[] };
  return answer.executions.filter((each) => !each.dryRun);
}

/** Nothing is lost: every run came to an end, and none to a bad one. */
async function checkEnds(world: World): Promise<void> {
  expectNone(
    'I1',
    'runs did not end well',
    await rowsOf(
      world,
      `SELECT id AS run_id, state, week::text, error_code, error_message FROM week_runs WHERE state NOT IN ('done', 'held')`,
    ),
  );
}

/** I2, I3: roll-ups, counts, checksums and files are those of the rows. */
async function checkStored(world: World): Promise<void> {
  for (const { instance, dataset } of world.collections) {
    const parameters = [instance.id, dataset.dataset, dataset.version];
    expectNone('I2', `weeks of ${dataset.dataset} disagree with their roll-ups`, await rowsOf(world, disagreement(dataset), ...parameters));
    expectNone('I3', `weeks of ${dataset.dataset} are not what their record says`, await storedWrongly(world, instance.id, dataset));
  }
  expectNone('I3', 'weeks are not what their stored files give', await mergedDifferently(world));
}

/** I4, as the sandbox counted. */
async function checkLimits(world: World): Promise<Record<string, number>> {
  const { mostOpen } = (await (await fetch(`${world.sandbox.url}/sandbox/stats`)).json()) as { mostOpen: Record<string, number> };
  for (const [instance, most] of Object.entries(mostOpen)) {
    const limit = instance === '' ? ACCOUNT_LIMIT : INSTANCE_LIMIT;
    if (most > limit)
      throw new Violation('I4', `${most} executions were open at once in ${instance || 'the account'}, the limit is ${limit}`);
  }
  // A limit that was never reached was never tried.
  const busiest = Math.max(...Object.entries(mostOpen).map(([instance, most]) => (instance === '' ? 0 : most)));
  if (busiest < INSTANCE_LIMIT && mostOpen['']! < ACCOUNT_LIMIT)
    throw new Violation('faults', `at most ${busiest} executions of an instance were open at once`);
  return mostOpen;
}

/** I5: nothing runs on unseen, and no more was bought than runs, their further attempts and crashes in the create window explain. */
async function checkPurchases(world: World, sold: readonly Sold[], { kills }: RunRecord): Promise<number> {
  expectNone(
    'I5',
    'executions still run',
    sold.filter((each) => each.status === 'PENDING' || each.status === 'RUNNING'),
  );
  const known = new Set(
    (await rowsOf<{ id: string }>(world, 'SELECT DISTINCT execution_id AS id FROM crash_changes WHERE execution_id IS NOT NULL')).map(
      ({ id }) => id,
    ),
  );
  const orphans = sold.filter((each) => !known.has(each.workflowExecutionId));
  // The sandbox lists an execution at once, so whoever looks twice finds it.
  expectNone(
    'I5',
    'executions were paid for and no run ever learned of them',
    orphans.map(({ workflowExecutionId, instanceId, workflowId, createTime }) => ({
      workflowExecutionId,
      instanceId,
      workflowId,
      createTime,
    })),
  );
  const wanted = await count(world, 'SELECT (count(*) + sum(attempt))::int AS count FROM week_runs WHERE execution_id IS NOT NULL');
  const windows = kills.orphaned.filter((claim) => claim.state === 'creating').length;
  if (sold.length > wanted + windows) {
    throw new Violation('I5', `${sold.length} executions were bought for ${wanted} wanted ones and ${windows} kills in the create window`);
  }
  const adoptions = await count(
    world,
    `SELECT count(*)::int AS count FROM crash_changes c
     WHERE c.from_state = 'creating' AND c.to_state = 'running'
       AND NOT EXISTS (SELECT FROM crash_changes a WHERE a.run_id = c.run_id AND a.to_fence = c.to_fence AND a.attempt)`,
  );
  return adoptions;
}

const LEGAL = [
  'planned>creating',
  'creating>planned',
  'creating>running',
  'running>downloading',
  'running>planned',
  'running>failed',
  'downloading>merging',
  'merging>downloading',
  'merging>done',
  'downloading>held',
  'merging>held',
];

/** I6: only legal edges, a fence that rises with every claim and never falls. */
async function checkTransitions(world: World): Promise<void> {
  const edges = `from_state <> to_state AND NOT from_state || '>' || to_state = ANY ($1)`;
  expectNone(
    'I6',
    'illegal changes of state',
    await rowsOf(world, `SELECT run_id, from_state, to_state FROM crash_changes WHERE ${edges}`, LEGAL),
  );
  expectNone(
    'I6',
    'fences that fell or jumped',
    await rowsOf(world, 'SELECT run_id, from_fence, to_fence FROM crash_changes WHERE to_fence NOT IN (from_fence, from_fence + 1)'),
  );
  expectNone(
    'I6',
    'fences given out twice',
    await rowsOf(
      world,
      'SELECT run_id, to_fence FROM crash_changes WHERE to_fence > from_fence GROUP BY run_id, to_fence HAVING count(*) > 1',
    ),
  );
  expectNone(
    'I6',
    'changes that do not follow the one before',
    await rowsOf(
      world,
      `SELECT run_id, from_state, from_fence FROM (
         SELECT *, lag(to_state) OVER w AS state_before, lag(to_fence) OVER w AS fence_before FROM crash_changes WINDOW w AS (PARTITION BY run_id ORDER BY id)
       ) AS changes WHERE state_before <> from_state OR fence_before <> from_fence`,
    ),
  );
}

/** I7: nobody holds anything any more. */
async function checkLeftovers(world: World): Promise<void> {
  expectNone(
    'I7',
    'slots held',
    await rowsOf(
      world,
      'SELECT run_id FROM instance_slots WHERE run_id IS NOT NULL UNION ALL SELECT run_id FROM account_slots WHERE run_id IS NOT NULL',
    ),
  );
  expectNone('I7', 'leases held', await rowsOf(world, `SELECT id AS run_id, state FROM week_runs WHERE lease_until > '-infinity'`));
}

/** I10: every change of state has its event in the same transaction, every decision of a person its audit row, and nobody kept a transaction. */
async function checkRecords(world: World, { pauses, retries }: RunRecord): Promise<void> {
  expectNone(
    'I10',
    'changes of state without an event',
    await rowsOf(
      world,
      `SELECT run_id, from_state, to_state FROM crash_changes c WHERE from_state <> to_state
         AND NOT EXISTS (SELECT FROM crash_events e WHERE e.xact = c.xact AND e.collection_id = c.collection_id AND e.week = c.week)`,
    ),
  );
  const audited = await rowsOf<{ action: string; count: number }>(
    world,
    `SELECT action, count(*)::int FROM audit_log WHERE person = 'crash' GROUP BY action`,
  );
  const expected = {
    'collection.pause': pauses.length,
    'collection.resume': pauses.length,
    'collection.retryWeek': retries,
    'collection.create': world.collections.length,
  };
  for (const [action, wanted] of Object.entries(expected)) {
    const found = audited.find((row) => row.action === action)?.count ?? 0;
    // A decision whose answer was lost with PostgreSQL is made again.
    if (found < wanted) throw new Violation('I10', `${wanted} times ${action}, but ${found} audit rows`);
  }
  const open = `SELECT pid, state FROM pg_stat_activity WHERE application_name LIKE 'crash-worker-%' AND xact_start IS NOT NULL`;
  expectNone('I10', 'transactions of dead workers', await rowsOf(world, open));
}
