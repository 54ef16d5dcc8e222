import { revisionListSchema } from '../../contract/revisions.ts';
import { campaignFile } from '@amc-reports/test-support/store/merge-fixture.ts';
import { listRevisions } from './revisions.ts';
import { createReviewFixture, WEEK, type HeldWeek, type ReviewFixture } from '@amc-reports/test-support/review/held-week.ts';

let fixture: ReviewFixture;
let held: HeldWeek;
beforeAll(async () => {
  fixture = await createReviewFixture();
  held = await fixture.heldWeek([{ clicks: '10' }, { campaign_id: '2' }], [{}]);
  await held.instance.merge(WEEK, campaignFile([{ clicks: '15' }, { campaign_id: '2' }, { campaign_id: '3', currency: 'EUR' }]));
  await held.instance.merge('2026-01-12', campaignFile([{ event_date: '2026-01-13' }]));
});
afterAll(() => fixture.close());

const list = async (query: { week?: string; cursor?: string; limit?: number } = {}, ctx = held.ctx) =>
  revisionListSchema.parse(await listRevisions(ctx, { id: held.collectionId, limit: 50, ...query }));

test('every accepted result that changed a week is listed, newest first, with rows and totals before and after', async () => {
  const { revisions, nextCursor } = await list();
  expect(nextCursor).toBeNull();
  expect(revisions).toMatchObject([
    { week: '2026-01-12', version: 1, first: true, rowsAdded: 1 },
    { week: WEEK, version: 2, first: false, rowsAdded: 1, rowsChanged: 1, rowsVanished: 0 },
    { week: WEEK, version: 1, first: true, rowsAdded: 2, rowsChanged: 0, rowsVanished: 0 },
  ]);
  expect(revisions[1]!.totals).toContainEqual({ metric: 'clicks', currency: null, before: '20', after: '35', change: 0.75 });
  expect(revisions[1]!.totals).toContainEqual({ metric: 'spend', currency: 'EUR', before: null, after: '1.23456789', change: null });
  expect(revisions[2]!.totals).toContainEqual({ metric: 'clicks', currency: null, before: null, after: '20', change: null });
});

test('by week, and by pages that miss and repeat nothing', async () => {
  expect((await list({ week: WEEK })).revisions).toHaveLength(2);
  expect((await list({ week: '2025-12-29' })).revisions).toEqual([]);
  const seen: string[] = [];
  for (let cursor: string | undefined; seen.length < 10;) {
    const page = await list({ limit: 1, ...(cursor === undefined ? {} : { cursor }) });
    seen.push(...page.revisions.map(({ week, version }) => `${week} ${version}`));
    if (page.nextCursor === null) break;
    cursor = page.nextCursor;
  }
  expect(seen).toEqual(['2026-01-12 1', `${WEEK} 2`, `${WEEK} 1`]);
});

test('a collection outside the scope does not exist', async () => {
  const stranger = (await fixture.heldWeek([{}], [{}])).ctx;
  const narrow = { ...held.ctx, scope: { ...held.ctx.scope, instanceIds: [] } };
  for (const outsider of [stranger, narrow]) await expect(list({}, outsider)).rejects.toMatchObject({ code: 'not_found', status: 404 });
});
