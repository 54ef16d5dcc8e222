import { addDays } from '../../../ground/calendar/week.ts';
import {
  campaignFile,
  createMergeFixture,
  type FileRow,
  type MergeFixture,
  type TestInstance,
} from '@amc-reports/test-support/store/merge-fixture.ts';

const WEEK = '2026-01-05';
const FINAL = new Date('2026-06-01T00:00:00Z');
let fixture: MergeFixture;
let instance: TestInstance;

beforeAll(async () => {
  fixture = await createMergeFixture();
});
afterAll(() => fixture.close());
beforeEach(async () => {
  instance = await fixture.newInstance();
});

const fileOf = (week: string, row: FileRow): string => campaignFile([{ event_date: week, ...row }]);
const serve = async (weeksAgo: number[], row: FileRow): Promise<void> => {
  for (const ago of weeksAgo) {
    const week = addDays(WEEK, -7 * ago);
    await instance.attempt(week, fileOf(week, row), { overrule: true });
  }
};
const acceptMoves = (maxMove: number, more: { instanceId?: string; dataset?: string } = {}) =>
  fixture.store.pool.query(
    `INSERT INTO acceptance_rules (workspace_id, dataset, instance_id, max_move, reason, created_by)
     SELECT workspace_id, $2, $3, $4, 'test', 'ada' FROM instances WHERE id = $1`,
    [instance.id, more.dataset ?? 'campaign_performance', more.instanceId ?? null, maxMove],
  );

test('a jump is measured against the newest totals of the nearest served weeks, before and after', async () => {
  await serve([1, 2, -1, -2], { impressions: '100000' });
  await serve([-2], { impressions: '90000' });
  expect(await instance.attempt(WEEK, fileOf(WEEK, { impressions: '900000' }))).toMatchObject({
    acceptable: true,
    objections: [{ rule: 'jump', details: { weeks: 4, totals: [{ metric: 'impressions', total: 900000, median: 100000 }] } }],
  });
});

test('like weeks are the eight nearest, of this instance', async () => {
  await serve([1, 2, 3, 4, 5, 6, 7, 8], { impressions: '100000' });
  await serve([9, 10, 11, 12, 13, 14, 15, 16, 17, 18], { impressions: '5000000' });
  expect(await instance.attempt(WEEK, fileOf(WEEK, { impressions: '900000' }))).toMatchObject({ objections: [{ details: { weeks: 8 } }] });
  const other = await fixture.newInstance();
  expect(await other.attempt(WEEK, fileOf(WEEK, { impressions: '900000' }))).toMatchObject({ changed: true });
});

test('an empty first result among weeks that have data is a jump', async () => {
  await serve([1, 2, 3, 4], { impressions: '100000', clicks: '1000' });
  expect(await instance.attempt(WEEK, campaignFile([]))).toMatchObject({ objections: [{ rule: 'jump' }] });
});

/** As the look back leaves the weeks that are served. */
const compared = (doubt: string | null = null) =>
  fixture.store.pool.query(
    'UPDATE report_data_weeks SET compared_at = clock_timestamp(), doubt = $2 WHERE instance_id = $1 AND data_version > 0',
    [instance.id, doubt],
  );

test('a pause that a person took is not asked about every week; one that nobody looked at is', async () => {
  await serve([2, 3, 4, 5, 6, 7, 8, 9], { impressions: '100000', clicks: '1000' });
  await instance.attempt(addDays(WEEK, -7), campaignFile([]), { overrule: true });
  expect(await instance.attempt(WEEK, campaignFile([]))).toMatchObject({ objections: [{ rule: 'jump' }] });
  await compared('{"findings": [], "note": ""}');
  expect(await instance.attempt(WEEK, campaignFile([]))).toMatchObject({ objections: [{ rule: 'jump' }] });
  await compared();
  expect(await instance.attempt(WEEK, campaignFile([]))).toMatchObject({ changed: true, rowsTotal: 0 });
});

test('a doubtful week takes what brings more, although it is final, and not what takes away', async () => {
  await instance.merge(WEEK, fileOf(WEEK, { impressions: '100' }));
  await compared('{"findings": [], "note": ""}');
  const more = campaignFile([1, 2].map((id) => ({ event_date: WEEK, campaign_id: String(id), impressions: '100000' })));
  expect(await instance.attempt(WEEK, campaignFile([]), { now: FINAL })).toMatchObject({ objections: [{ rule: 'zero_rows' }] });
  expect(await instance.attempt(WEEK, more, { now: FINAL })).toMatchObject({
    changed: true,
    notes: [{ rule: 'moved_after_final', message: expect.stringContaining('What was served was doubtful.') }],
  });
});

test('a week is final by the calendar that the caller keeps', async () => {
  await instance.merge(WEEK, fileOf(WEEK, { impressions: '100000' }));
  const moved = fileOf(WEEK, { impressions: '110000' });
  expect(await instance.attempt(WEEK, moved, { now: FINAL })).toMatchObject({ objections: [{ rule: 'moved_after_final' }] });
  expect(await instance.attempt(WEEK, moved, { now: new Date('2026-01-20T00:00:00Z') })).toMatchObject({ changed: true });
});

test('an acceptance rule of the workspace waives small moves, one of the instance goes before it, one of another dataset says nothing', async () => {
  await instance.merge(WEEK, fileOf(WEEK, { impressions: '100000' }));
  const moved = fileOf(WEEK, { impressions: '110000' });
  const attempt = () => instance.attempt(WEEK, moved, { now: FINAL });
  await acceptMoves(1, { dataset: 'reach_frequency' });
  expect(await attempt()).toMatchObject({ objections: [{ rule: 'moved_after_final' }] });
  await acceptMoves(0.5);
  await acceptMoves(0.05, { instanceId: instance.id });
  expect(await attempt()).toMatchObject({ objections: [{ rule: 'moved_after_final' }] });
  await fixture.store.pool.query('DELETE FROM acceptance_rules WHERE instance_id = $1', [instance.id]);
  expect(await attempt()).toMatchObject({ changed: true, notes: [{ rule: 'moved_after_final', details: { waived: { maxMove: 0.5 } } }] });
});

test('currencies of the instance are those that its row names', async () => {
  await fixture.store.pool.query(`UPDATE instances SET currencies = '{USD}' WHERE id = $1`, [instance.id]);
  expect(await instance.merge(WEEK, fileOf(WEEK, { currency: 'EUR' }))).toMatchObject({
    notes: [{ rule: 'unknown_currency', details: { currencies: ['EUR'] } }],
  });
});
