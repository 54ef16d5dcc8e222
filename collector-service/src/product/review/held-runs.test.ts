import { heldRunListSchema } from '../../contract/held-runs.ts';
import type { ReadContext } from './context.ts';
import { heldRunDetail } from './detail.ts';
import { listHeldRuns } from './held-runs.ts';
import { keepHeldRun } from './keep.ts';
import { createReviewFixture, type HeldWeek, type ReviewFixture } from '@amc-reports/test-support/review/held-week.ts';

let fixture: ReviewFixture;
let held: HeldWeek;
beforeAll(async () => {
  fixture = await createReviewFixture();
});
afterAll(() => fixture.close());
beforeEach(async () => {
  held = await fixture.heldWeek(
    [
      { spend_microcents: '100000000', clicks: '10' },
      { campaign_id: '2', currency: 'EUR' },
    ],
    [{ clicks: '5' }],
  );
});

const list = async (
  query: { decided?: 'true' | 'false'; cursor?: string; limit?: number; collection?: string },
  ctx: ReadContext = held.ctx,
) => {
  const { heldRuns, nextCursor } = heldRunListSchema.parse(await listHeldRuns(ctx, { limit: 50, ...query }));
  return { runs: heldRuns.map(({ runId }) => runId), nextCursor };
};

test('the list is newest first, by pages, and can be narrowed', async () => {
  const newer = await fixture.hold(held, [{ clicks: '8' }]);
  expect(await list({})).toEqual({ runs: [newer, held.runId], nextCursor: null });
  const first = await list({ limit: 1 });
  expect(first).toEqual({ runs: [newer], nextCursor: expect.any(String) as string });
  expect(await list({ limit: 1, cursor: first.nextCursor! })).toEqual({ runs: [held.runId], nextCursor: null });
  expect((await list({ decided: 'false' })).runs).toEqual([newer]);
  expect((await list({ decided: 'true' })).runs).toEqual([held.runId]);
  expect((await list({ collection: held.collectionId })).runs).toHaveLength(2);
  expect((await list({ collection: '987654321' })).runs).toEqual([]);
});

test('a detail names every total before and after, money by currency, and the largest move', async () => {
  const detail = await heldRunDetail(held.ctx, held);
  expect(detail).toMatchObject({ stale: false, servedVersion: 1, acceptable: true, decision: null, waiting: null });
  const { totals, largestMove } = detail.difference!;
  expect(totals).toContainEqual({ metric: 'clicks', currency: null, before: '20', after: '5', change: -0.75 });
  expect(totals).toContainEqual({
    metric: 'spend',
    currency: 'USD',
    before: '1',
    after: '1.23456789',
    change: expect.closeTo(0.23456789, 12) as number,
  });
  expect(totals).toContainEqual({ metric: 'spend', currency: 'EUR', before: '1.23456789', after: null, change: -1 });
  expect(totals).toContainEqual({ metric: 'purchases', currency: null, before: '0', after: '0', change: null });
  expect(largestMove).toBe(1);
});

test('a decision stays readable after the file is gone', async () => {
  await keepHeldRun(held.ctx, { runId: held.runId, reason: 'a mistake upstream' });
  await fixture.query('DELETE FROM result_files WHERE run_id = $1', held.runId);
  expect(await heldRunDetail(held.ctx, held)).toMatchObject({
    decision: { decision: 'kept', by: 'ada', reason: 'a mistake upstream' },
    difference: { rowsBefore: 2, rowsAfter: 1 },
    stale: false,
  });
});

test('another scope and another workspace see nothing of it, whatever they ask', async () => {
  const stranger = await fixture.heldWeek([{}], [{}]);
  const { scope } = held.ctx;
  for (const other of [stranger.ctx.scope, { ...scope, instanceIds: [] }, { ...scope, workspaceId: stranger.ctx.scope.workspaceId }]) {
    const eve = { ...held.ctx, scope: other, actor: 'eve' };
    expect((await list({}, eve)).runs).not.toContain(held.runId);
    await expect(heldRunDetail(eve, held)).rejects.toMatchObject({ code: 'not_found' });
    await expect(keepHeldRun(eve, { runId: held.runId, reason: 'mine' })).rejects.toMatchObject({ code: 'not_found', status: 404 });
  }
  expect(await fixture.query('SELECT decision FROM held_runs WHERE run_id = $1', held.runId)).toEqual([{ decision: null }]);
});
