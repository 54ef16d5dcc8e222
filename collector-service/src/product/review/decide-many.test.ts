import { createReviewFixture, WEEK, type HeldWeek, type ReviewFixture } from '@amc-reports/test-support/review/held-week.ts';
import { decideHeldRunsSchema, type DecideHeldRunsInput } from '../../contract/held-questions.ts';
import { addDays } from '../../ground/calendar/week.ts';
import { decideHeldRuns } from './decide-many.ts';
import { listHeldQuestions } from './questions.ts';

/** Many held runs: asked about as one question where they are one, and decided about at once. */
let fixture: ReviewFixture;
let held: HeldWeek;
beforeAll(async () => {
  fixture = await createReviewFixture();
});
afterAll(() => fixture.close());
beforeEach(async () => {
  held = await fixture.heldWeek([{ spend_microcents: '200000000' }], [{ spend_microcents: '100000000' }]);
});

const reason = 'the account was paused';
const weekAfter = (steps: number): string => addDays(WEEK, 7 * steps);
/** Weeks held as those of a paused account are: without a row, far from like weeks. */
async function pause(...steps: number[]): Promise<string[]> {
  const ids: string[] = [];
  for (const step of steps) {
    const runId = await fixture.hold({ instance: held.instance, week: weekAfter(step) }, []);
    await fixture.query(
      `UPDATE held_runs SET objections = jsonb_build_array(jsonb_build_object('rule', 'jump', 'message', 'far of ' || week)) WHERE run_id = $1`,
      runId,
    );
    ids.push(runId);
  }
  return ids;
}
const questions = async (where = {}) => (await listHeldQuestions(held.ctx, where)).questions;
const shown = async (where = {}) =>
  (await questions(where)).map(({ firstWeek, lastWeek, rules, empty, runIds }) => [
    firstWeek,
    lastWeek,
    rules.join(),
    empty,
    runIds.length,
  ]);
const decideMany = (input: DecideHeldRunsInput, ctx = held.ctx) => decideHeldRuns(ctx, decideHeldRunsSchema.parse(input));
const decisions = () =>
  fixture.query<{ week: string; decision: string | null; by: string | null }>(
    'SELECT week::text AS week, decision, decided_by AS by FROM held_runs WHERE instance_id = $1 ORDER BY week',
    held.instance.id,
  );

test('twenty weeks of a pause are one question, and another reason is another one', async () => {
  await pause(...Array.from({ length: 20 }, (_, index) => index + 1));
  expect(await shown()).toEqual([
    [weekAfter(1), weekAfter(20), 'jump', true, 20],
    [WEEK, WEEK, 'lost_total', false, 1],
  ]);
  const [question] = await questions({ rule: 'jump' });
  expect(question).toMatchObject({ collectionId: held.collectionId, acceptable: true, message: `far of ${weekAfter(20)}` });
  expect(question).toMatchObject({ window: 'week', firstDay: weekAfter(1), lastDay: addDays(weekAfter(20), 6) });
  expect(await shown({ rule: 'lost_total' })).toHaveLength(1);
  expect(await shown({ from: weekAfter(21) })).toEqual([]);
  expect(await shown({ dataset: 'reach_frequency' })).toEqual([]);
});

test('a week in between that is served parts a row in two, whatever the filter leaves out', async () => {
  await pause(1, 2, 4, 5);
  await fixture.query(
    `INSERT INTO week_runs (collection_id, instance_id, week, state) VALUES ($1, $2, $3, 'done')`,
    held.collectionId,
    held.instance.id,
    weekAfter(3),
  );
  const rows = [
    [weekAfter(4), weekAfter(5), 'jump', true, 2],
    [weekAfter(1), weekAfter(2), 'jump', true, 2],
  ];
  expect(await shown({ rule: 'jump' })).toEqual(rows);
  // A week that the collection does not have (a month's dataset has few) parts nothing.
  await fixture.query('DELETE FROM week_runs WHERE collection_id = $1 AND week = $2', held.collectionId, weekAfter(3));
  expect(await shown({ rule: 'jump' })).toEqual([[weekAfter(1), weekAfter(5), 'jump', true, 4]]);
});

test('one answer decides about the whole question, each run on record for itself', async () => {
  const runs = await pause(1, 2, 3);
  const answer = await decideMany({ decision: 'accept', reason, runs });
  expect(answer.refused).toEqual([]);
  expect(answer.decided.map(({ runId, week }) => [runId, week])).toEqual(runs.map((runId, index) => [runId, weekAfter(index + 1)]));
  expect(await decisions()).toEqual([
    { week: WEEK, decision: null, by: null },
    ...[1, 2, 3].map((step) => ({ week: weekAfter(step), decision: 'accepted', by: 'ada' })),
  ]);
  expect(
    await fixture.query(
      `SELECT subject, details ->> 'reason' AS reason FROM audit_log WHERE workspace_id = $1 AND action = 'heldRun.accept' ORDER BY id`,
      held.ctx.scope.workspaceId,
    ),
  ).toEqual(runs.map((runId) => ({ subject: `run ${runId}`, reason })));
  expect(await fixture.query(`SELECT state, source FROM week_runs WHERE id = ANY ($1)`, runs)).toEqual(
    runs.map(() => ({ state: 'downloading', source: 'stored' })),
  );
});

test('conditions choose; what they are about is told before anything is decided', async () => {
  await pause(1, 2, 3);
  const where = { collection: held.collectionId, rule: 'jump', empty: true, from: weekAfter(2) };
  const trial = await decideMany({ decision: 'keep', reason, where, dryRun: true });
  expect(trial.decided.map(({ week }) => week)).toEqual([weekAfter(2), weekAfter(3)]);
  expect((await decisions()).filter(({ decision }) => decision !== null)).toEqual([]);
  expect(await decideMany({ decision: 'keep', reason, where })).toEqual(trial);
  expect((await decisions()).map(({ decision }) => decision)).toEqual([null, null, 'kept', 'kept']);
  expect(await decideMany({ decision: 'keep', reason, where })).toEqual({ decided: [], refused: [], left: 0 });
});

test('one that cannot be decided about so is told with the reason, and the others are decided all the same', async () => {
  const runs = await pause(1, 2, 3);
  await fixture.query('UPDATE held_runs SET acceptable = false WHERE run_id = $1', runs[1]);
  const decided = await decideMany({ decision: 'keep', reason, runs: [runs[0]!] });
  expect(decided.decided).toHaveLength(1);
  const answer = await decideMany({ decision: 'accept', reason, runs: [...runs, '987654'] });
  expect(answer.decided.map(({ runId }) => runId)).toEqual([runs[2]]);
  expect(answer.refused).toEqual([
    { runId: runs[1], code: 'conflict', message: expect.stringContaining('not what its dataset promises') },
    { runId: runs[0], code: 'conflict', message: expect.stringContaining('set aside already by ada') },
    { runId: '987654', code: 'not_found', message: expect.stringContaining('no held run 987654') },
  ]);
});

test('running a question again buys each week once', async () => {
  const runs = await pause(1, 2);
  await decideMany({ decision: 'run_again', reason, runs });
  expect(
    await fixture.query(
      `SELECT week::text AS week FROM week_runs WHERE collection_id = $1 AND state = 'planned' ORDER BY week`,
      held.collectionId,
    ),
  ).toEqual([{ week: weekAfter(1) }, { week: weekAfter(2) }]);
  const again = await decideMany({ decision: 'run_again', reason, runs });
  expect(again.decided).toEqual([]);
  expect(again.refused).toHaveLength(2);
});

test('others’ runs are neither seen nor reached, by ids or by conditions', async () => {
  const runs = await pause(1, 2);
  const stranger = { ...held.ctx, scope: { workspaceId: held.ctx.scope.workspaceId, instanceIds: [] } };
  expect(await listHeldQuestions(stranger, {})).toEqual({ questions: [], truncated: false });
  expect(await decideMany({ decision: 'keep', reason, where: { rule: 'jump' } }, stranger)).toEqual({ decided: [], refused: [], left: 0 });
  const answer = await decideMany({ decision: 'keep', reason, runs }, stranger);
  expect(answer.refused.map(({ code }) => code)).toEqual(['not_found', 'not_found']);
  expect((await decisions()).filter(({ decision }) => decision !== null)).toEqual([]);
});

test('neither everything nor two kinds of choice is decided by leaving something out', () => {
  for (const choice of [{}, { where: {} }, { where: { rule: 'jump' }, runs: ['1'] }, { runs: [] }])
    expect(decideHeldRunsSchema.safeParse({ decision: 'keep', reason, ...choice }).success).toBe(false);
});
