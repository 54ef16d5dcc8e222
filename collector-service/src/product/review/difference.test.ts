import { readdir } from 'node:fs/promises';
import type { FileRow } from '@amc-reports/test-support/store/merge-fixture.ts';
import { heldRowsSchema, type RowKind } from '../../contract/held-rows.ts';
import { heldRunDetail } from './detail.ts';
import { heldRows } from './rows.ts';
import { createReviewFixture, type HeldWeek, type ReviewFixture } from '@amc-reports/test-support/review/held-week.ts';

let fixture: ReviewFixture;
beforeAll(async () => {
  fixture = await createReviewFixture();
});
afterAll(() => fixture.close());

const page = async ({ ctx, runId }: HeldWeek, kind: RowKind, cursor = 0, limit = 100) =>
  heldRowsSchema.parse(await heldRows(ctx, { runId, kind, cursor, limit }));
const rows = (count: number, more: (index: number) => FileRow = () => ({})): FileRow[] =>
  Array.from({ length: count }, (_, index) => ({ campaign_id: String(index), campaign: `Campaign ${index}`, ...more(index) }));

test('a row that was added, one that changed and one that vanished are listed with the values that differ', async () => {
  const held = await fixture.heldWeek(
    [
      { campaign: 'Same', campaign_id: '1' },
      { campaign: 'Moved', campaign_id: '2', clicks: '10', spend_microcents: '100000000' },
      { campaign: 'Gone', campaign_id: '3', purchases: '4' },
    ],
    [
      { campaign: 'Same', campaign_id: '1' },
      { campaign: 'Moved', campaign_id: '2', clicks: '12', spend_microcents: '' },
      { campaign: '', campaign_id: '4', event_date: '', filtered: 'true', currency: '', impressions: '7', clicks: '' },
    ],
  );
  const changed = await page(held, 'changed');
  expect(changed).toMatchObject({ total: 1, listed: 1, nextCursor: null, servedVersion: 1, kind: 'changed', runId: held.runId });
  expect(changed.rows[0]).toEqual({
    row: 1,
    keys: expect.objectContaining({ campaign: 'Moved', campaign_id: '2', event_date: '2026-01-06', currency: 'USD', filtered: 'false' }),
    numbers: [
      { column: 'clicks', before: '10', after: '12' },
      { column: 'sponsored_ads_spend', before: '1', after: null },
    ],
  });
  const { rows: added } = await page(held, 'added');
  expect(added).toMatchObject([
    { keys: { campaign: '(suppressed)', campaign_id: '4', event_date: null, currency: '(suppressed)', filtered: 'true' } },
  ]);
  expect(added[0]!.numbers).toContainEqual({ column: 'impressions', before: null, after: '7' });
  const { rows: vanished } = await page(held, 'vanished');
  expect(vanished).toMatchObject([{ keys: { campaign: 'Gone' } }]);
  expect(vanished[0]!.numbers).toContainEqual({ column: 'purchases', before: '4', after: null });
});

test('rows are paged without gap or overlap, those that move the totals most first', async () => {
  const held = await fixture.heldWeek(
    rows(25),
    rows(25, (index) => ({ clicks: String(10 + index) })),
  );
  const seen: string[] = [];
  let cursor: number | null = 0;
  for (let pages = 0; cursor !== null; pages++) {
    const got: Awaited<ReturnType<typeof page>> = await page(held, 'changed', cursor, 10);
    expect(got.total).toBe(24);
    expect(pages).toBeLessThan(3);
    seen.push(...got.rows.map((row) => row.keys.campaign_id!));
    cursor = got.nextCursor;
  }
  expect(seen).toEqual(Array.from({ length: 24 }, (_, index) => String(24 - index)));
  expect((await page(held, 'changed', 2_000_000_000)).rows).toEqual([]);
});

test('of two currencies, the row that moves its own most comes first, however small its amounts look', async () => {
  const held = await fixture.heldWeek(
    [
      { campaign: 'Yen', currency: 'JPY', spend_microcents: '900000000000' },
      { campaign: 'Dollar', currency: 'USD', spend_microcents: '1000000000' },
    ],
    [
      { campaign: 'Yen', currency: 'JPY', spend_microcents: '910000000000' },
      { campaign: 'Dollar', currency: 'USD', spend_microcents: '2000000000' },
    ],
  );
  expect((await page(held, 'changed')).rows.map((row) => row.keys.campaign)).toEqual(['Dollar', 'Yen']);
});

test('the file is staged once, however many ask at once, and leaves nothing on disk', async () => {
  const held = await fixture.heldWeek(rows(3), rows(2));
  const before = await readdir(fixture.directory);
  const answers = await Promise.all((['added', 'changed', 'vanished', 'vanished'] as const).map((kind) => page(held, kind)));
  expect(answers.map((answer) => answer.total)).toEqual([0, 0, 1, 1]);
  const made = () => fixture.query<{ made_at: Date }>('SELECT made_at FROM held_differences WHERE run_id = $1', held.runId);
  const [first] = await made();
  await page(held, 'vanished');
  expect(await made()).toEqual([first]);
  expect(await readdir(fixture.directory)).toEqual(before);
});

test('when another version is served meanwhile, the difference is made anew and the run is stale', async () => {
  const held = await fixture.heldWeek(
    rows(2),
    rows(2, () => ({ clicks: '11' })),
  );
  expect((await page(held, 'changed')).total).toBe(2);
  await fixture.serveAnother(
    held,
    rows(3, (index) => ({ clicks: index === 0 ? '11' : '10' })),
  );
  const detail = await heldRunDetail(held.ctx, held);
  expect(detail).toMatchObject({
    stale: true,
    servedVersion: 2,
    difference: { rowsBefore: 3, rowsAfter: 2, rowsChanged: 1, rowsVanished: 1 },
  });
  expect(await page(held, 'changed')).toMatchObject({ servedVersion: 2, total: 1 });
  expect(await page(held, 'vanished')).toMatchObject({ servedVersion: 2, total: 1 });
});

test('a result that could not be read as rows has a reason and no rows', async () => {
  const held = await fixture.heldWeek(rows(2), rows(1), { acceptable: false });
  await expect(page(held, 'added')).rejects.toMatchObject({ code: 'conflict', status: 409, message: expect.stringContaining('as rows') });
  const detail = await heldRunDetail(held.ctx, held);
  expect(detail).toMatchObject({ acceptable: false, difference: null, objections: [{ rule: 'lost_total' }] });
});

test('a kept file that is gone is said, and the summary stays', async () => {
  const held = await fixture.heldWeek(rows(2), rows(1));
  await fixture.query('DELETE FROM result_files WHERE run_id = $1', held.runId);
  await expect(page(held, 'added')).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining('kept no longer') });
  expect(await heldRunDetail(held.ctx, held)).toMatchObject({ difference: { rowsVanished: 1 } });
});

test('a decision taken while the rows are being made wins: none are left behind', async () => {
  const held = await fixture.heldWeek(rows(2), rows(1));
  const deciding = await fixture.store.pool.connect();
  await deciding.query('BEGIN');
  await deciding.query(`UPDATE held_runs SET decision = 'kept', decided_at = now() WHERE run_id = $1`, [held.runId]);
  const making = page(held, 'added').catch((error: unknown) => error);
  for (;;) {
    const [waiting] = await fixture.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%FOR SHARE%'`,
    );
    if (waiting!.n > 0) break;
  }
  await deciding.query('COMMIT');
  deciding.release();
  expect(await making).toMatchObject({ code: 'conflict' });
  expect(await fixture.query('SELECT FROM held_rows WHERE run_id = $1', held.runId)).toEqual([]);
});
