import { CRASH_POINTS, type CrashPoint } from '../crash-point.ts';
import { createTestBench, SETTLED_HISTORY_DAYS, type TestBench } from '../testing/bench.ts';
import { startTestSandbox, type TestSandbox } from '../testing/sandbox.ts';
import { spawnWorker } from './spawn-worker.ts';

const WEEKS = 3;
let sandbox: TestSandbox;
let bench: TestBench;
let undisturbed: unknown[];

beforeAll(async () => {
  sandbox = await startTestSandbox({ historyDays: SETTLED_HISTORY_DAYS });
  bench = await createTestBench(sandbox);
  const { id } = await bench.collect(WEEKS);
  await bench.work(async () => (await bench.detail(id)).state === 'complete');
  undisturbed = await bench.totals();
  await bench.drop();
}, 120_000);
afterAll(() => sandbox.close());

beforeEach(async () => {
  bench = await createTestBench(sandbox);
});
afterEach(() => bench.drop());

interface RunRow {
  state: string;
  attempted: boolean;
  execution: string | null;
  leased: boolean;
  facts: number;
}
const runs = () =>
  bench.query<RunRow>(
    `SELECT state, create_attempted_at IS NOT NULL AS attempted, execution_id AS execution, lease_until IS NOT NULL AS leased,
       (SELECT count(*)::int FROM fact_campaign_performance_v1 f WHERE f.week = r.week) AS facts
     FROM week_runs r ORDER BY r.week`,
  );

/** What the database must show after a crash at the point: proof that the process died there and not somewhere else. */
const EVIDENCE: Record<CrashPoint, (rows: RunRow[], bought: number) => boolean> = {
  'claim.after': (rows) => rows.some((run) => run.state === 'creating' && !run.attempted && run.leased),
  'create.beforeSend': (rows, bought) =>
    rows.some((run) => run.state === 'creating' && run.attempted && run.execution === null) &&
    bought < rows.filter((run) => run.attempted).length,
  'create.afterSend': (rows, bought) =>
    rows.some((run) => run.state === 'creating' && run.attempted && run.execution === null) &&
    bought > rows.filter((run) => run.execution !== null).length,
  'create.afterStored': (rows) => rows.some((run) => run.state === 'running' && run.execution !== null && !run.leased),
  'poll.beforeList': (rows) => rows.some((run) => run.state === 'running' && run.leased),
  'poll.afterList': (rows) => rows.some((run) => run.state === 'running' && run.leased),
  'poll.afterStored': (rows) => rows.some((run) => ['running', 'downloading'].includes(run.state) && run.execution !== null && !run.leased),
  'download.beforeUrls': (rows) => rows.some((run) => run.state === 'downloading' && run.leased),
  'download.afterPart': (rows) => rows.some((run) => run.state === 'downloading' && run.leased),
  'merge.before': (rows) => rows.some((run) => run.state === 'merging' && run.leased && run.facts === 0),
  'merge.inTransaction': (rows) => rows.some((run) => run.state === 'merging' && run.leased && run.facts === 0),
  'merge.afterCommit': (rows) => rows.some((run) => run.state === 'done' && run.facts > 0),
};

test.each(CRASH_POINTS)(
  'killed at %s, the next worker finishes: the same totals, nothing bought twice, no slot left behind',
  async (point) => {
    const { id } = await bench.collect(WEEKS);
    const victim = await spawnWorker(bench.database.url, { apiSteps: 1, mergeSteps: 1 }, point);
    expect(await victim.ended).toBe('SIGKILL');
    const after = await runs();
    expect({ evidence: EVIDENCE[point](after, (await bench.bought()).length), after }).toMatchObject({ evidence: true });

    await bench.work(async () => (await bench.detail(id)).state === 'complete');
    expect(await bench.totals()).toEqual(undisturbed);
    expect(await bench.bought()).toHaveLength(WEEKS);
    expect(
      await bench.query(
        'SELECT run_id FROM instance_slots WHERE run_id IS NOT NULL UNION ALL SELECT run_id FROM account_slots WHERE run_id IS NOT NULL',
      ),
    ).toEqual([]);
    expect(await bench.query(`SELECT state, attempt FROM week_runs`)).toEqual(
      Array.from({ length: WEEKS }, () => ({ state: 'done', attempt: 0 })),
    );
  },
);
