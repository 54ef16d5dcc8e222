import { scheduleHistory } from './read.ts';
import { runSchedule } from './run.ts';
import { createScheduleBench, NEWEST, NOW, weekBefore, type ScheduleBench } from '@amc-reports/test-support/schedule/bench.ts';

let bench: ScheduleBench;
beforeAll(async () => {
  bench = await createScheduleBench();
});
afterAll(() => bench.drop());
beforeEach(() => {
  bench.calendar.now = NOW;
});

const run = (id: string) => runSchedule(bench.ctx, { id });
const weeks = (from: number, to: number): string[] => Array.from({ length: from - to + 1 }, (_, index) => weekBefore(from - index));

describe('what a tick plans', () => {
  test('the newest complete week is added and the weeks that the dataset’s attribution still moves are planned again', async () => {
    const traffic = await bench.served({ dataset: 'reach_frequency' });
    const conversions = await bench.served();
    const { id } = await bench.schedule([traffic, conversions]);
    const tick = await run(id);
    expect(tick).toMatchObject({ kind: 'manual', askedBy: 'ada', weeksPlanned: 1 + 4 + 1 + 6, weeksSkipped: 0, missed: 0, deep: false });
    const [first, second] = ['reach_frequency', 'campaign_performance'].map((name) =>
      tick.collections.find(({ dataset }) => dataset === name),
    );
    expect(first).toMatchObject({ added: [NEWEST], restated: weeks(4, 1), retried: [], skipped: [], note: null, runs: { planned: 5 } });
    expect(second).toMatchObject({ added: [NEWEST], restated: weeks(6, 1) });
    expect((await bench.planned(conversions.id)).map(({ week }) => week)).toEqual(weeks(6, 0));
  });

  test('the SQL and the workflow of the collection stay, and what is served stays until a run is accepted', async () => {
    const collection = await bench.served();
    const { id } = await bench.schedule([collection]);
    const state = () =>
      bench.query('SELECT workflow_id, sql_text, first_week::text FROM report_data_collections WHERE id = $1', collection.id);
    const served = () =>
      bench.query(
        `SELECT week, data_version FROM report_data_weeks WHERE accepted_run_id IN (SELECT id FROM week_runs WHERE collection_id = $1) ORDER BY week`,
        collection.id,
      );
    const before = [await state(), await served()];
    await run(id);
    expect([await state(), await served()]).toEqual(before);
    expect(
      await bench.query(
        `SELECT c.last_week::text AS last, w.data_version AS version FROM report_data_collections c
         JOIN report_data_weeks w ON w.instance_id = c.instance_id AND w.week = c.last_week WHERE c.id = $1`,
        collection.id,
      ),
    ).toEqual([{ last: NEWEST, version: '0' }]);
  });

  test('the number of weeks of the schedule wins over the dataset’s', async () => {
    const collection = await bench.served();
    const { id } = await bench.schedule([collection], { restateWeeks: 2 });
    expect((await run(id)).collections[0]).toMatchObject({ added: [NEWEST], restated: weeks(2, 1) });
  });

  test('with 0 weeks only the newest week is added', async () => {
    const collection = await bench.served();
    const { id } = await bench.schedule([collection], { restateWeeks: 0 });
    expect((await run(id)).collections[0]).toMatchObject({ added: [NEWEST], restated: [] });
  });

  test('when the newest week is served already it is one of those that are planned again', async () => {
    const collection = await bench.served({ behind: 0 });
    const { id } = await bench.schedule([collection], { restateWeeks: 2 });
    expect((await run(id)).collections[0]).toMatchObject({ added: [], restated: weeks(1, 0) });
  });

  test('every complete week that is missing at the end is added; those that Amazon no longer has are recorded as skipped', async () => {
    const collection = await bench.served({ weeks: 3, behind: 3 });
    const { id } = await bench.schedule([collection], { restateWeeks: 1 });
    expect((await run(id)).collections[0]).toMatchObject({ added: weeks(2, 0), restated: [] });
    await bench.finishRuns(collection.id);
    bench.calendar.now = new Date('2027-06-16T18:00:00Z');
    const tick = await run(id);
    const { added, skipped } = tick.collections[0]!;
    expect(added[0]).toBe('2026-05-18');
    expect(added.at(-1)).toBe('2027-06-07');
    expect(skipped.map(({ week, reason }) => [week, reason])).toEqual(
      ['03-16', '03-23', '03-30', '04-06', '04-13', '04-20', '04-27', '05-04', '05-11'].map((day) => [`2026-${day}`, 'too_old']),
    );
    expect(
      await bench.query(
        `SELECT count(*)::int AS n FROM week_runs WHERE collection_id = $1 AND state = 'skipped' AND error_code = 'week_out_of_range'`,
        collection.id,
      ),
    ).toEqual([{ n: skipped.length }]);
  });

  test('a week that is complete in one zone only is added there only', async () => {
    bench.calendar.now = new Date('2026-03-18T02:00:00Z');
    const [tokyo, angeles] = [await bench.served({ timeZone: 'Asia/Tokyo' }), await bench.served()];
    const { id } = await bench.schedule([tokyo, angeles]);
    const { collections } = await run(id);
    const of = ({ id: wanted }: { id: string }) => collections.find(({ collectionId }) => collectionId === wanted)!;
    expect(of(tokyo).added).toEqual([NEWEST]);
    expect(of(angeles).added).toEqual([]);
  });

  test('weeks that were last collected while they still moved are collected again, however long ago: ticks were missed', async () => {
    const collection = await bench.served({ weeks: 30, behind: 12 });
    // Collected for the last time when the newest of its weeks was just complete, twelve weeks ago.
    await bench.query(
      `UPDATE report_data_weeks w SET collected_at = now() - interval '12 weeks' FROM report_data_collections c
       WHERE c.id = $1 AND w.instance_id = c.instance_id`,
      collection.id,
    );
    await bench.query(`UPDATE week_runs SET finished_at = now() - interval '12 weeks' WHERE collection_id = $1`, collection.id);
    const { id } = await bench.schedule([collection]);
    expect((await run(id)).collections[0]).toMatchObject({ added: weeks(11, 0), restated: weeks(17, 12) });
    await bench.finishRuns(collection.id);
    expect((await run(id)).collections[0]).toMatchObject({ added: [], restated: weeks(5, 0) });
  });

  test('of a dataset over months the newest complete month is added, and only months that are young enough are planned again', async () => {
    // Kept under the Monday of the week in which a month begins: January under 29 December, February under 26 January.
    const collection = await bench.served({ dataset: 'reach_frequency_month', weeks: 20, behind: 10 });
    const { id } = await bench.schedule([collection]);
    expect((await run(id)).collections[0]).toMatchObject({ added: ['2026-01-26'], restated: ['2025-12-29'], skipped: [] });
    await bench.finishRuns(collection.id);
    expect((await run(id)).collections[0]).toMatchObject({ added: [], restated: ['2025-12-29', '2026-01-26'] });
  });

  test('of a dataset over four weeks a window for every Monday is added', async () => {
    const collection = await bench.served({ dataset: 'reach_frequency_4_weeks', behind: 2 });
    const { id } = await bench.schedule([collection], { restateWeeks: 1 });
    expect((await run(id)).collections[0]).toMatchObject({ added: weeks(1, 0), restated: [] });
  });

  test('failed weeks are tried again, however old, with what is served untouched', async () => {
    const collection = await bench.served({ weeks: 20 });
    await bench.setRun(collection.id, weekBefore(18), `state = 'failed', error_code = 'execution_failed'`);
    await bench.setRun(collection.id, weekBefore(1), `state = 'failed', error_code = 'execution_failed'`);
    const { id } = await bench.schedule([collection], { restateWeeks: 2 });
    expect((await run(id)).collections[0]).toMatchObject({ restated: [weekBefore(2)], retried: [weekBefore(18), weekBefore(1)] });
  });
});

test('collections start one after the other, and schedules come after people and before the backfill', async () => {
  const collections = [await bench.served(), await bench.served({ behind: 0, weeks: 1 }), await bench.served()];
  const schedule = await bench.schedule(collections, { staggerSeconds: 90, restateWeeks: 1 });
  await bench.makeDue(schedule.id);
  await bench.tickDue();
  for (const [index, collection] of collections.entries()) {
    const runs = await bench.planned(collection.id);
    expect(runs.length).toBeGreaterThan(0);
    for (const each of runs) expect(each).toMatchObject({ delay: index * 90, priority: 50 });
  }
  for (const each of collections) await bench.finishRuns(each.id);
  await run(schedule.id);
  expect((await bench.planned(collections[0]!.id))[0]).toMatchObject({ priority: 10 });
});

test('a tick tells of the weeks it planned, of the collections that grew, and of the schedule', async () => {
  const [grows, stays] = [await bench.served(), await bench.served({ behind: 0 })];
  const schedule = await bench.schedule([grows, stays], { restateWeeks: 1 });
  const [one, two] = await bench.instanceIds(grows, stays);
  const [before] = await bench.query<{ id: string }>('SELECT max(id) AS id FROM outbox');
  await bench.makeDue(schedule.id);
  await bench.tickDue();
  const told = await bench.query(
    'SELECT kind, subject, instance_ids::text[] AS instances FROM outbox WHERE id > $1 ORDER BY kind, instance_ids, subject',
    before!.id,
  );
  expect(told).toEqual([
    { kind: 'collection', subject: grows.id, instances: [one] },
    { kind: 'schedule', subject: schedule.id, instances: [one, two] },
    { kind: 'week', subject: `${grows.id}/${weekBefore(1)}`, instances: [one] },
    { kind: 'week', subject: `${grows.id}/${NEWEST}`, instances: [one] },
    { kind: 'week', subject: `${stays.id}/${NEWEST}`, instances: [two] },
  ]);
});

test('what became of a tick is read from its runs', async () => {
  const collection = await bench.served();
  const { id } = await bench.schedule([collection], { restateWeeks: 2 });
  const tick = await run(id);
  await bench.setRun(collection.id, weekBefore(1), `state = 'done', rows_added = 3, rows_changed = 40, rows_vanished = 1`);
  await bench.setRun(collection.id, weekBefore(2), `state = 'failed'`);
  const history = await scheduleHistory(bench.ctx, { id, limit: 10 });
  expect(history.ticks).toMatchObject([
    { id: tick.id, collections: [{ runs: { done: 1, failed: 1, planned: 1 }, rowsAdded: 3, rowsChanged: 40, rowsVanished: 1 }] },
  ]);
});
