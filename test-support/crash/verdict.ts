import { eventually, type TestBench } from '../collect/bench.ts';
import { runsOf } from './runs.ts';
import type { Ending, Scenario } from './scenarios.ts';
import { WEEKS, type Stage } from './stage.ts';

/** Whether there is nothing left to do. */
export const over = (bench: TestBench, id: string, ending: Ending) => async (): Promise<boolean> => {
  const runs = await runsOf(bench);
  if (ending === 'held') return runs.every((run) => run.state === 'held');
  const { state } = await bench.detail(id);
  // What is under way when a collection stops is seen to its end.
  if (ending === 'stopped') return state === 'stopped' && runs.every((run) => ['planned', 'failed'].includes(run.state));
  return state === 'complete';
};

/** What must hold however the story went. */
export async function expectNothingLost(stage: Stage, { ending, bought }: Scenario, before: unknown[]): Promise<void> {
  const { bench, play } = stage;
  if (ending === 'collected') expect(await bench.totals()).toEqual(play.totals);
  else expect(await bench.totals()).toEqual(before);
  const executions = await bench.bought();
  if (ending === 'stopped') expect(executions.length).toBeLessThanOrEqual(bought);
  else expect(executions).toHaveLength(bought);
  await eventually(async () => (await bench.bought()).every((each) => !['PENDING', 'RUNNING'].includes(each.status)));
  expect(await heldSlots(bench)).toEqual([]);
  expect(await bench.query(`SELECT id FROM week_runs WHERE lease_until > '-infinity' OR attempt > 0`)).toEqual([]);
  expect(await oddWeeks(bench)).toEqual([]);
  if (ending !== 'stopped') expect(await runsOf(bench)).toHaveLength(WEEKS);
}

const heldSlots = (bench: TestBench) =>
  bench.query(
    'SELECT run_id FROM instance_slots WHERE run_id IS NOT NULL UNION ALL SELECT run_id FROM account_slots WHERE run_id IS NOT NULL',
  );

/** Weeks whose record, stored file or events say something else than their rows. */
const oddWeeks = (bench: TestBench) =>
  bench.query(
    `SELECT w.week::text FROM report_data_weeks w
     WHERE w.row_count <> (SELECT count(*) FROM fact_campaign_performance_v2 f WHERE f.week = w.week)
        OR (w.data_version > 0) <> EXISTS (SELECT FROM result_files f WHERE f.run_id = w.accepted_run_id AND f.part = 0 AND f.chunk = 0)
        OR w.data_version > 0 AND NOT EXISTS (SELECT FROM week_runs r WHERE r.id = w.accepted_run_id AND r.state = 'done')
        OR w.data_version <> (SELECT count(*) FROM week_revisions v WHERE v.week = w.week)`,
  );
