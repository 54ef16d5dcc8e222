import { createCollection } from '../collections/create.ts';
import { listCollections } from '../collections/read.ts';
import { claimWeek } from '../claim.ts';
import { testContext } from '@amc-reports/test-support/collect/context.ts';
import { clock, createImportFixture, csv, days, row, type ImportFixture } from '@amc-reports/test-support/import/import-fixture.ts';

let fixture: ImportFixture;
beforeAll(async () => {
  fixture = await createImportFixture();
});
afterAll(() => fixture.close());
beforeEach(() => fixture.newInstance());

// 1 February 2026 is a Sunday: January ends in the week of 26 January, which February's first day completes.
const JANUARY = days('2026-01-01', '2026-01-31');
const FEBRUARY = days('2026-02-01', '2026-02-28');

const served = () =>
  fixture.query<{ week: string; days: number; sum: string }>(
    `SELECT week::text AS week, count(DISTINCT event_date)::int AS days, sum(impressions)::text AS sum
       FROM fact_ads_v1 WHERE instance_id = $1 GROUP BY 1 ORDER BY 1`,
    fixture.instanceId,
  );
const outcomes = async (files: string[], more = {}) =>
  (await fixture.load(files, more)).weeks.map(({ week, outcome, missing }) => [week, outcome, missing.length]);
const collections = () => listCollections(testContext(fixture.database, { clock, instanceIds: [fixture.instanceId] }));
const openHeld = () =>
  fixture.query<{ week: string }>(
    'SELECT week::text AS week FROM held_runs WHERE instance_id = $1 AND decision IS NULL ORDER BY week',
    fixture.instanceId,
  );

test('a month’s first and last weeks wait, and nobody counts them as complete', async () => {
  expect(await outcomes([await fixture.file('january.csv', csv(...JANUARY))])).toEqual([
    ['2025-12-29', 'waiting', 3],
    ['2026-01-05', 'new', 0],
    ['2026-01-12', 'new', 0],
    ['2026-01-19', 'new', 0],
    ['2026-01-26', 'waiting', 1],
  ]);
  expect((await served()).map(({ week, days: n }) => [week, n])).toEqual([
    ['2026-01-05', 7],
    ['2026-01-12', 7],
    ['2026-01-19', 7],
  ]);
  expect(await collections()).toMatchObject([{ state: 'running', weeks: { done: 3, held: 2 } }]);
  expect(
    await fixture.query(`SELECT objections, acceptable FROM held_runs WHERE instance_id = $1 AND week = '2026-01-26'`, fixture.instanceId),
  ).toEqual([
    {
      acceptable: false,
      objections: [expect.objectContaining({ rule: 'partial_week', message: expect.stringContaining('without 2026-02-01') })],
    },
  ]);
});

test('the next month’s file completes the week that was cut, by its days alone', async () => {
  await fixture.load([await fixture.file('january.csv', csv(...JANUARY))]);
  expect(await outcomes([await fixture.file('february.csv', csv(...FEBRUARY))])).toEqual([
    ['2026-01-26', 'new', 0],
    ['2026-02-02', 'new', 0],
    ['2026-02-09', 'new', 0],
    ['2026-02-16', 'new', 0],
    ['2026-02-23', 'waiting', 1],
  ]);
  expect((await served())[3]).toEqual({ week: '2026-01-26', days: 7, sum: '70' });
  expect((await openHeld()).map(({ week }) => week)).toEqual(['2025-12-29', '2026-02-23']);
});

test('the order of the months does not matter, and both at once are whole at once', async () => {
  const files = [await fixture.file('february.csv', csv(...FEBRUARY)), await fixture.file('january.csv', csv(...JANUARY))];
  await fixture.load([files[0]!]);
  expect(await outcomes([files[1]!])).toContainEqual(['2026-01-26', 'new', 0]);
  const apart = await served();
  await fixture.newInstance();
  expect(await outcomes(files)).toContainEqual(['2026-01-26', 'new', 0]);
  expect(await served()).toEqual(apart);
});

test('a month that is exported again restates its own days of a shared week and leaves the others', async () => {
  await fixture.load([await fixture.file('january.csv', csv(...JANUARY)), await fixture.file('february.csv', csv(...FEBRUARY))]);
  const again = await fixture.file('february-again.csv', csv(...days('2026-02-01', '2026-02-28', 11)));
  expect(await outcomes([again])).toEqual([
    ['2026-01-26', 'restated', 0],
    ['2026-02-02', 'restated', 0],
    ['2026-02-09', 'restated', 0],
    ['2026-02-16', 'restated', 0],
    ['2026-02-23', 'waiting', 1],
  ]);
  expect((await served())[3]).toEqual({ week: '2026-01-26', days: 7, sum: '71' });
  expect(await outcomes([again])).toContainEqual(['2026-01-26', 'unchanged', 0]);
});

test('a day that two parts hold is taken from the file that came last', async () => {
  await fixture.load([await fixture.file('first.csv', csv(...days('2026-02-02', '2026-02-05')))]);
  expect(await outcomes([await fixture.file('second.csv', csv(...days('2026-02-05', '2026-02-07', 3)))])).toEqual([
    ['2026-02-02', 'waiting', 1],
  ]);
  await fixture.load([await fixture.file('third.csv', csv(...days('2026-02-08', '2026-02-08', 1)))]);
  expect(await served()).toEqual([{ week: '2026-02-02', days: 7, sum: '40' }]);
  expect(await openHeld()).toEqual([]);
});

test('a part of a week that is served already changes nothing when its other days are nowhere', async () => {
  const EXCEPT = ['2026-02-04', '2026-02-05'];
  const some = days('2026-02-02', '2026-02-08').filter((line) => !EXCEPT.some((day) => line.includes(day)));
  await fixture.load([await fixture.file('some.csv', csv(...some))], { emptyDays: 'between' });
  const before = await served();
  const two = await fixture.file('two.csv', csv(row('2026-02-02', 'Boots', 99), row('2026-02-04', 'Boots', 99)));
  expect((await fixture.load([two])).weeks).toMatchObject([{ outcome: 'left', missing: ['2026-02-05'], note: expect.any(String) }]);
  expect(await served()).toEqual(before);
});

test('days on which nothing happened are a person’s word, kept as a note of the week', async () => {
  const file = await fixture.file('weekdays.csv', csv(...days('2026-02-02', '2026-02-06')));
  expect(await outcomes([file], { emptyDays: 'between' })).toEqual([['2026-02-02', 'waiting', 2]]);
  expect(await outcomes([file], { emptyDays: [{ from: '2026-02-07', to: '2026-02-07' }] })).toEqual([['2026-02-02', 'waiting', 1]]);
  expect(await outcomes([file], { emptyDays: [{ from: '2026-02-07', to: '2026-02-08' }] })).toEqual([['2026-02-02', 'new', 0]]);
  expect(await fixture.query(`SELECT notes FROM week_runs WHERE instance_id = $1 AND state = 'done'`, fixture.instanceId)).toEqual([
    { notes: [expect.objectContaining({ rule: 'partial_week', message: expect.stringContaining('2026-02-07, 2026-02-08') })] },
  ]);
  const gap = days('2026-02-09', '2026-02-15').filter((line) => !line.includes('2026-02-11'));
  expect(await outcomes([await fixture.file('gap.csv', csv(...gap))])).toEqual([['2026-02-09', 'waiting', 1]]);
  expect(await outcomes([await fixture.file('gap-again.csv', csv(...gap))], { emptyDays: 'between' })).toEqual([['2026-02-09', 'new', 0]]);
});

test('a part does not take the place of a week that a collection is to buy, nor of a result that waits for a decision', async () => {
  const { id } = await createCollection(testContext(fixture.database, { clock }), {
    instance: fixture.instance,
    dataset: 'ads',
    firstWeek: '2026-02-02',
    lastWeek: '2026-02-02',
  });
  const part = await fixture.file('part.csv', csv(...days('2026-02-02', '2026-02-04')));
  expect((await fixture.load([part])).weeks).toMatchObject([{ outcome: 'left', note: expect.stringContaining('collection') }]);
  await fixture.query('UPDATE report_data_collections SET validated_at = now() WHERE id = $1', id);
  expect(await claimWeek(fixture.database.store, { owner: 'test', leaseMs: 30_000 })).toMatchObject({ week: '2026-02-02' });
  await fixture.query(`UPDATE week_runs SET state = 'held' WHERE collection_id = $1`, id);
  await fixture.query(
    `INSERT INTO held_runs (run_id, workspace_id, instance_id, dataset, dataset_version, week, objections, acceptable, served_version)
     SELECT r.id, c.workspace_id, r.instance_id, c.dataset, c.dataset_version, r.week, '[{"rule": "jump", "message": "far"}]', true, 0
       FROM week_runs r JOIN report_data_collections c ON c.id = r.collection_id WHERE c.id = $1`,
    id,
  );
  expect((await fixture.load([part])).weeks).toMatchObject([{ outcome: 'left', note: expect.stringContaining('decision') }]);
  expect(await openHeld()).toHaveLength(1);
});

test('a part of the week that is not over yet is kept too, and a dry run keeps nothing', async () => {
  const file = await fixture.file('march.csv', csv(...days('2026-03-09', '2026-03-17')));
  expect(await outcomes([file], { dryRun: true })).toEqual([
    ['2026-03-09', 'new', 0],
    ['2026-03-16', 'waiting', 5],
  ]);
  expect([...(await openHeld()), ...(await served())]).toEqual([]);
  await fixture.load([file]);
  expect((await openHeld()).map(({ week }) => week)).toEqual(['2026-03-16']);
});
