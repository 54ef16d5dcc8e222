import { acceptanceRuleSchema } from '../../contract/acceptance-rules.ts';
import { acceptHeldRun } from './accept.ts';
import type { ReviewContext } from './context.ts';
import { createRule, listRules, removeRule } from './rules.ts';
import { createReviewFixture, type HeldWeek, type ReviewFixture } from '@amc-reports/test-support/review/held-week.ts';

let fixture: ReviewFixture;
let held: HeldWeek;
/** Sees one of the two instances of the workspace. */
let narrow: ReviewContext;
let wide: ReviewContext;
let instance: string;
beforeAll(async () => {
  fixture = await createReviewFixture();
});
afterAll(() => fixture.close());
beforeEach(async () => {
  held = await fixture.heldWeek([{}], [{ clicks: '5' }]);
  narrow = held.ctx;
  const [other] = await fixture.query<{ id: string }>(
    `INSERT INTO instances (workspace_id, connection_id, amc_instance_id, name, account_id, marketplace_id, time_zone)
     SELECT workspace_id, connection_id, 'neighbour', 'neighbour', account_id, marketplace_id, time_zone FROM instances WHERE id = $1 RETURNING id::text`,
    held.instance.id,
  );
  wide = { ...narrow, scope: { ...narrow.scope, instanceIds: [held.instance.id, other!.id] } };
  [{ instance }] = (await fixture.query<{ instance: string }>(
    'SELECT amc_instance_id AS instance FROM instances WHERE id = $1',
    held.instance.id,
  )) as [{ instance: string }];
});

const dataset = 'campaign_performance';
const set = (ctx: ReviewContext, input: { instance?: string; maxMove?: number; dataset?: string }) =>
  createRule(ctx, { dataset, maxMove: 0.05, reason: 'late conversions', ...input });
const audit = () =>
  fixture.query('SELECT person, action, details FROM audit_log WHERE workspace_id = $1 ORDER BY id', held.ctx.scope.workspaceId);

test('a rule is set for an instance or the workspace, replaced by the next, and removed, each on record', async () => {
  const first = acceptanceRuleSchema.parse(await set(wide, { instance }));
  const all = await set(wide, {});
  expect(first).toMatchObject({ dataset, instance, maxMove: 0.05, createdBy: 'ada', reason: 'late conversions' });
  expect(await listRules(wide)).toEqual([all, first]);
  const second = await set({ ...wide, actor: 'bea' }, { instance, maxMove: 0.1 });
  expect(second).toMatchObject({ id: first.id, maxMove: 0.1, createdBy: 'bea' });
  expect(await removeRule(wide, { ruleId: all.id })).toEqual(all);
  expect(await listRules(wide)).toEqual([second]);
  await expect(removeRule(wide, { ruleId: all.id })).rejects.toMatchObject({ code: 'not_found' });
  expect(await audit()).toEqual([
    {
      person: 'ada',
      action: 'acceptanceRule.set',
      details: { dataset, instance, maxMove: 0.05, before: null, reason: 'late conversions' },
    },
    {
      person: 'ada',
      action: 'acceptanceRule.set',
      details: { dataset, instance: null, maxMove: 0.05, before: null, reason: 'late conversions' },
    },
    { person: 'bea', action: 'acceptanceRule.set', details: { dataset, instance, maxMove: 0.1, before: 0.05, reason: 'late conversions' } },
    { person: 'ada', action: 'acceptanceRule.remove', details: { dataset, instance: null, maxMove: 0.05 } },
  ]);
});

test('a caller who sees part of the workspace reads what concerns it and changes only what is its own', async () => {
  const all = await set(wide, {});
  await set(wide, { instance: 'neighbour' });
  expect(await listRules(narrow)).toEqual([all]);
  await expect(set(narrow, {})).rejects.toMatchObject({ code: 'forbidden', status: 403 });
  await expect(removeRule(narrow, { ruleId: all.id })).rejects.toMatchObject({ code: 'forbidden' });
  await expect(set(narrow, { instance: 'neighbour' })).rejects.toMatchObject({ code: 'not_found' });
  const [, others] = await listRules(wide);
  await expect(removeRule(narrow, { ruleId: others!.id })).rejects.toMatchObject({ code: 'not_found' });
  expect(await set(narrow, { instance })).toMatchObject({ instance });
});

test('another workspace sees and removes none of it', async () => {
  const rule = await set(wide, {});
  const stranger = (await fixture.heldWeek([{}], [{}])).ctx;
  expect(await listRules(stranger)).toEqual([]);
  await expect(removeRule(stranger, { ruleId: rule.id })).rejects.toMatchObject({ code: 'not_found' });
});

test('an unknown dataset is refused', async () => {
  await expect(set(wide, { dataset: 'campain_performance' })).rejects.toMatchObject({ code: 'unknown_dataset' });
});

test('accepting and remembering is one deed: the rule comes with the decision, or neither', async () => {
  const remember = { maxMove: 0.08, allInstances: false };
  await expect(
    acceptHeldRun(narrow, { runId: held.runId, reason: 'fine', remember: { ...remember, allInstances: true } }),
  ).rejects.toMatchObject({ code: 'forbidden' });
  expect(await fixture.query('SELECT decision FROM held_runs WHERE run_id = $1', held.runId)).toEqual([{ decision: null }]);
  await acceptHeldRun(narrow, { runId: held.runId, reason: 'fine', remember });
  expect(await listRules(narrow)).toMatchObject([{ instance, maxMove: 0.08, reason: 'fine', createdBy: 'ada' }]);
  expect(await audit()).toMatchObject([{ action: 'acceptanceRule.set' }, { action: 'heldRun.accept', details: { remember } }]);
});
