import { heldRunDetailSchema } from '../../contract/held-runs.ts';
import { listCollections } from '../../engine/collect/collections/read.ts';
import { claimFinished } from '../../engine/collect/claim.ts';
import { acceptHeldRun } from './accept.ts';
import { keepHeldRun } from './keep.ts';
import { heldRows } from './rows.ts';
import { runHeldRunAgain } from './run-again.ts';
import { createReviewFixture, WEEK, type HeldWeek, type ReviewFixture } from '@amc-reports/test-support/review/held-week.ts';

let fixture: ReviewFixture;
let held: HeldWeek;
beforeAll(async () => {
  fixture = await createReviewFixture();
});
afterAll(() => fixture.close());
beforeEach(async () => {
  held = await fixture.heldWeek([{ spend_microcents: '200000000' }, { campaign_id: '2' }], [{ spend_microcents: '100000000' }]);
});

const reason = 'the agency confirmed it';
const run = async (id = held.runId) => (await fixture.query<Record<string, unknown>>('SELECT * FROM week_runs WHERE id = $1', id))[0]!;
const decided = async (id = held.runId) =>
  (await fixture.query<Record<string, unknown>>('SELECT * FROM held_runs WHERE run_id = $1', id))[0]!;
const audit = () =>
  fixture.query<{ person: string; details: object }>(
    'SELECT person, action, subject, details FROM audit_log WHERE workspace_id = $1',
    held.ctx.scope.workspaceId,
  );
/** What others were told, and to whom: those who see these instances. */
const events = () =>
  fixture.query<{ kind: string; subject: string; instances: string[] }>(
    'SELECT kind, subject, instance_ids::text[] AS instances FROM outbox WHERE workspace_id = $1 ORDER BY id',
    held.ctx.scope.workspaceId,
  );
/** What they hear of one decision. */
const announced = () => [
  { kind: 'held_run', subject: held.runId, instances: [held.instance.id] },
  { kind: 'week', subject: `${held.collectionId}/${WEEK}`, instances: [held.instance.id] },
];
const newRun = async (state: string): Promise<string> =>
  (
    await fixture.query<{ id: string }>(
      'INSERT INTO week_runs (collection_id, instance_id, week, state) VALUES ($1, $2, $3, $4) RETURNING id::text',
      held.collectionId,
      held.instance.id,
      WEEK,
      state,
    )
  )[0]!.id;
const state = (name: string, why: string | null = null) =>
  fixture.query('UPDATE report_data_collections SET state = $2, stop_reason = $3 WHERE id = $1', held.collectionId, name, why);
const doAccept = (input: { servedVersion?: number } = {}) => acceptHeldRun(held.ctx, { runId: held.runId, reason, ...input });
const doKeep = () => keepHeldRun(held.ctx, { runId: held.runId, reason });
const doRunAgain = () => runHeldRunAgain(held.ctx, { runId: held.runId, reason });
const conflict = (words: string) => ({ code: 'conflict', status: 409, message: expect.stringContaining(words) as string });

test('accepting hands the kept file to the next free worker, on record with person and reason', async () => {
  const before = await run();
  await heldRows(held.ctx, { runId: held.runId, kind: 'changed', limit: 10 });
  const answer = heldRunDetailSchema.parse(await doAccept());
  expect(answer).toMatchObject({
    decision: { decision: 'accepted', by: 'ada', reason },
    servedVersion: 1,
    waiting: expect.stringContaining('next free worker'),
    difference: {
      rowsBefore: 2,
      rowsAfter: 1,
      rowsVanished: 1,
      totals: expect.arrayContaining([expect.objectContaining({ metric: 'spend', currency: 'USD' })]),
    },
  });
  const after = await run();
  expect(after).toMatchObject({
    state: 'downloading',
    source: 'stored',
    overrule: true,
    priority: 10,
    lease_until: null,
    error_code: null,
    finished_at: null,
  });
  expect(Number(after.fence)).toBe(Number(before.fence) + 1);
  expect(await audit()).toEqual([
    {
      person: 'ada',
      action: 'heldRun.accept',
      subject: `run ${held.runId}`,
      details: { collectionId: held.collectionId, week: WEEK, reason, servedVersion: 1 },
    },
  ]);
  expect(await events()).toEqual(announced());
  expect(await fixture.query('SELECT FROM held_rows WHERE run_id = $1', held.runId)).toEqual([]);
  expect(await fixture.query('SELECT FROM instance_slots WHERE run_id = $1', held.runId)).toEqual([]);
  expect(await claimFinished(fixture.store, { owner: 'worker', leaseMs: 1000 })).toMatchObject({ id: held.runId, state: 'downloading' });
});

test('keeping leaves the week as it is, and nothing asks for attention any more', async () => {
  expect(heldRunDetailSchema.parse(await doKeep())).toMatchObject({ decision: { decision: 'kept', by: 'ada', reason }, waiting: null });
  expect(await run()).toMatchObject({
    state: 'skipped',
    error_code: 'result_set_aside',
    error_message: `What was served stays: ada set the result aside (${reason}).`,
  });
  const [collection] = await listCollections(held.ctx);
  expect(collection).toMatchObject({ state: 'complete', weeks: { held: 0, skipped: 1 } });
  expect(await audit()).toMatchObject([{ action: 'heldRun.keep' }]);
  expect(await events()).toEqual(announced());
  expect(await fixture.query('SELECT FROM result_files WHERE run_id = $1', held.runId)).not.toEqual([]);
  await expect(heldRows(held.ctx, { runId: held.runId, kind: 'changed', limit: 10 })).rejects.toMatchObject(conflict('decided'));
});

test('running again sets the result aside and puts a new run of the week at the head of the line', async () => {
  expect(heldRunDetailSchema.parse(await doRunAgain())).toMatchObject({ decision: { decision: 'run_again' } });
  expect(await run()).toMatchObject({ state: 'skipped' });
  const runs = await fixture.query<{ id: string; state: string }>(
    'SELECT id::text, state, priority, source, overrule FROM week_runs WHERE collection_id = $1 ORDER BY id DESC LIMIT 1',
    held.collectionId,
  );
  expect(runs).toEqual([{ id: expect.any(String) as string, state: 'planned', priority: 10, source: 'amazon', overrule: false }]);
  expect(await audit()).toMatchObject([{ action: 'heldRun.runAgain', details: { newRunId: runs[0]!.id } }]);
  expect(await events()).toEqual(announced());
});

test('of two people who decide at once one wins, and the other learns who', async () => {
  const bea = { ...held.ctx, actor: 'bea' };
  const outcomes = await Promise.allSettled([doAccept(), keepHeldRun(bea, { runId: held.runId, reason: 'no' }), doRunAgain()]);
  const lost = outcomes.filter((outcome) => outcome.status === 'rejected');
  expect(lost).toHaveLength(2);
  for (const { reason: error } of lost) expect(error).toMatchObject(conflict('already by'));
  expect(await audit()).toHaveLength(1);
  expect(await events()).toEqual(announced());
  expect(await decided()).toMatchObject({ decided_by: expect.stringMatching(/ada|bea/) as string });
});

test('a decision is final', async () => {
  await doKeep();
  for (const again of [doAccept, doKeep, doRunAgain]) await expect(again()).rejects.toMatchObject(conflict(`set aside already by ada`));
  expect(await audit()).toHaveLength(1);
});

test('when something else is served meanwhile, accepting needs the version that was looked at', async () => {
  await fixture.serveAnother(held, [{ clicks: '9' }]);
  await expect(doAccept()).rejects.toMatchObject({ ...conflict('Version 2'), details: { seen: 1, servedVersion: 2 } });
  await expect(doAccept({ servedVersion: 1 })).rejects.toMatchObject(conflict('servedVersion 2'));
  await expect(doAccept({ servedVersion: 3 })).rejects.toMatchObject(conflict('Version 2'));
  expect(await doAccept({ servedVersion: 2 })).toMatchObject({ servedVersion: 2, decision: { decision: 'accepted' } });
  expect(await decided()).toMatchObject({ served_version: '2' });
});

test('what was looked at is what stays on record', async () => {
  await fixture.serveAnother(held, [{ clicks: '9' }, { campaign_id: '5' }, { campaign_id: '6' }]);
  await heldRows(held.ctx, { runId: held.runId, kind: 'changed', limit: 10 });
  expect(await doAccept({ servedVersion: 2 })).toMatchObject({
    stale: false,
    servedVersion: 2,
    difference: { rowsBefore: 3, rowsVanished: 2 },
  });
});

test.each(['planned', 'creating', 'running', 'downloading', 'merging'])(
  'neither accept nor run again goes past a run that is %s',
  async (open) => {
    const other = await newRun(open);
    await expect(doAccept()).rejects.toMatchObject(conflict(`run ${other} is ${open}`));
    await expect(doRunAgain()).rejects.toMatchObject(conflict('being collected already'));
    expect(await decided()).toMatchObject({ decision: null });
    expect(await run()).toMatchObject({ state: 'held' });
  },
);

test('a later run that came to nothing is no way around it: the week is run again', async () => {
  await newRun('failed');
  await expect(doAccept()).rejects.toMatchObject(conflict('Run the week again'));
  expect(await doRunAgain()).toMatchObject({ decision: { decision: 'run_again' } });
});

test('of several held runs of a week only the newest asks for a decision', async () => {
  await heldRows(held.ctx, { runId: held.runId, kind: 'vanished', limit: 10 });
  const newer = await fixture.hold(held, [{ clicks: '8' }]);
  for (const attempt of [doAccept, doKeep, doRunAgain]) await expect(attempt()).rejects.toMatchObject(conflict('superseded already'));
  expect(await fixture.query('SELECT FROM held_rows WHERE run_id = $1', held.runId)).toEqual([]);
  expect(await acceptHeldRun(held.ctx, { runId: newer, reason })).toMatchObject({ decision: { decision: 'accepted' } });
});

test('a result that could not be read as rows can be kept or run again, not accepted', async () => {
  held = await fixture.heldWeek([{}], [{}], { acceptable: false });
  await expect(doAccept()).rejects.toMatchObject(conflict('not what its dataset promises'));
  expect(await doRunAgain()).toMatchObject({ decision: { decision: 'run_again' }, difference: null });
});

test('for a cancelled collection nothing is merged or bought, but the held run can be set aside', async () => {
  await state('cancelled');
  await expect(doAccept()).rejects.toMatchObject(conflict('cancelled'));
  await expect(doRunAgain()).rejects.toMatchObject(conflict('cancelled'));
  expect(await doKeep()).toMatchObject({ decision: { decision: 'kept' } });
});

test.each([
  ['paused', null, 'is paused: the week is merged when it is resumed'],
  ['stopped', 'terms not accepted', 'is stopped (terms not accepted): the week is merged when it is resumed'],
])('in a %s collection the accepted result waits, and the answer says so', async (name, why, words) => {
  await fixture.query(`UPDATE week_runs SET state = 'done' WHERE state IN ('downloading', 'merging')`);
  await state(name, why);
  expect(await doAccept()).toMatchObject({ waiting: expect.stringContaining(words) as string });
  expect(await claimFinished(fixture.store, { owner: 'worker', leaseMs: 1000 })).toBeUndefined();
  await state('running');
  expect(await claimFinished(fixture.store, { owner: 'worker', leaseMs: 1000 })).toMatchObject({ id: held.runId });
});

test('an error halfway leaves no trace of a decision', async () => {
  await fixture.query('ALTER TABLE audit_log ADD CONSTRAINT no_audit CHECK (false) NOT VALID');
  for (const attempt of [doAccept, doKeep, doRunAgain]) await expect(attempt()).rejects.toThrow();
  await fixture.query('ALTER TABLE audit_log DROP CONSTRAINT no_audit');
  expect(await decided()).toMatchObject({ decision: null, decided_at: null });
  expect(await events()).toEqual([]);
  expect(await run()).toMatchObject({ state: 'held', source: 'amazon', overrule: false });
});
