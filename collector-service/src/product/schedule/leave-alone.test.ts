import { cancelCollection } from '../../engine/collect/collections/cancel.ts';
import { pauseCollection } from '../../engine/collect/collections/pause.ts';
import { createCollection } from '../../engine/collect/collections/create.ts';
import { editSchedule } from './edit.ts';
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

describe('what a tick leaves alone', () => {
  test.each(['planned', 'creating', 'running', 'downloading', 'merging'])(
    'a week whose run is %s gets no second one, and the tick says so',
    async (state) => {
      const collection = await bench.served();
      await bench.setRun(collection.id, weekBefore(2), `state = '${state}'`);
      const { id } = await bench.schedule([collection], { restateWeeks: 3 });
      const tick = await run(id);
      expect(tick).toMatchObject({ weeksPlanned: 3, weeksSkipped: 1 });
      expect(tick.collections[0]!.skipped).toEqual([{ week: weekBefore(2), reason: 'in_flight', note: `A run of it is ${state}.` }]);
      expect(await bench.query('SELECT FROM week_runs WHERE collection_id = $1 AND week = $2', collection.id, weekBefore(2))).toHaveLength(
        1,
      );
    },
  );

  test('a week that rests after Amazon’s differencing protection keeps its rest', async () => {
    const collection = await bench.served();
    await bench.setRun(
      collection.id,
      weekBefore(1),
      `state = 'planned', not_before = now() + interval '2 days', error_code = 'execution_rejected', error_message = 'too many workflows'`,
    );
    const { id } = await bench.schedule([collection], { restateWeeks: 1 });
    expect((await run(id)).collections[0]).toMatchObject({
      added: [NEWEST],
      skipped: [{ week: weekBefore(1), reason: 'parked', note: expect.stringContaining('too many workflows') }],
    });
    expect((await bench.planned(collection.id))[0]).toMatchObject({ week: weekBefore(1), tick_id: null });
  });

  test('a week whose result waits for a person is not bought again until it is decided', async () => {
    const collection = await bench.served();
    await bench.setRun(collection.id, weekBefore(1), `state = 'held'`);
    const { id } = await bench.schedule([collection], { restateWeeks: 1 });
    const held = { week: weekBefore(1), reason: 'held', note: 'A result of it is held and waits for a decision.' };
    expect((await run(id)).collections[0]).toMatchObject({ restated: [], skipped: [held] });
    await bench.query(
      `INSERT INTO held_runs (run_id, workspace_id, instance_id, dataset, dataset_version, week, objections, acceptable, served_version)
       SELECT r.id, $1, r.instance_id, 'campaign_performance', 1, r.week, '[]', true, 1 FROM week_runs r WHERE r.state = 'held' AND r.collection_id = $2`,
      bench.database.workspaceId,
      collection.id,
    );
    await bench.finishRuns(collection.id);
    expect((await run(id)).collections[0]).toMatchObject({ restated: [NEWEST] });
    await bench.finishRuns(collection.id);
    await editSchedule(bench.ctx, { id, restateWeeks: 2 });
    expect((await run(id)).collections[0]).toMatchObject({ restated: [NEWEST], skipped: [held] });
    await bench.finishRuns(collection.id);
    await bench.query(`UPDATE held_runs SET decision = 'kept', decided_at = now(), decided_by = 'ada'`);
    expect((await run(id)).collections[0]).toMatchObject({ restated: [weekBefore(1), NEWEST], skipped: [] });
  });

  test('a second tick at once plans nothing that the first has in line', async () => {
    const collection = await bench.served();
    const { id } = await bench.schedule([collection], { restateWeeks: 3 });
    expect(await run(id)).toMatchObject({ weeksPlanned: 4, weeksSkipped: 0 });
    expect(await run(id)).toMatchObject({ weeksPlanned: 0, weeksSkipped: 3 });
  });

  test('a collection that does not run is reported and left as it is; the others are updated', async () => {
    const [paused, stopped, cancelled, live] = [await bench.served(), await bench.served(), await bench.served(), await bench.served()];
    const { id } = await bench.schedule([paused, stopped, cancelled, live]);
    await pauseCollection(bench.ctx, { id: paused.id });
    await cancelCollection(bench.ctx, { id: cancelled.id });
    await bench.query(`UPDATE report_data_collections SET state = 'stopped', stop_reason = 'bad SQL' WHERE id = $1`, stopped.id);
    const { collections } = await run(id);
    const noteOf = ({ id: wanted }: { id: string }) => collections.find(({ collectionId }) => collectionId === wanted)!.note;
    expect(noteOf(paused)).toContain('paused');
    expect(noteOf(stopped)).toContain('bad SQL');
    expect(noteOf(cancelled)).toContain('cancelled');
    expect(noteOf(live)).toBeNull();
    expect((await bench.planned(live.id)).length).toBe(7);
    for (const each of [paused, stopped, cancelled]) expect(await bench.planned(each.id)).toEqual([]);
    const ends = await bench.query('SELECT DISTINCT last_week::text AS week FROM report_data_collections WHERE id = ANY ($1)', [
      paused.id,
      stopped.id,
      cancelled.id,
    ]);
    expect(ends).toEqual([{ week: weekBefore(1) }]);
  });

  test('a stopped collection that heals by itself grows like the others: its weeks wait in line', async () => {
    const collection = await bench.served();
    const { id } = await bench.schedule([collection]);
    await bench.query(`UPDATE report_data_collections SET state = 'stopped', stop_reason = 'No access.' WHERE id = $1`, collection.id);
    await bench.query(
      `INSERT INTO collection_refusals (collection_id, asked, code, message, next_try_at) VALUES ($1, 'create', 'amc_forbidden', 'No access.', now())`,
      collection.id,
    );
    expect((await run(id)).collections[0]!.note).toBeNull();
    expect((await bench.planned(collection.id)).length).toBe(7);
  });

  test('weeks that another collection holds are left to it', async () => {
    const first = await bench.served({ weeks: 4, behind: 5 });
    const second = await createCollection(bench.ctx, {
      instance: first.instance,
      dataset: 'campaign_performance',
      firstWeek: weekBefore(2),
      lastWeek: weekBefore(1),
      name: 'Recent',
    });
    const { id } = await bench.schedule([first], { restateWeeks: 1 });
    expect((await run(id)).collections[0]).toMatchObject({
      added: [weekBefore(4), weekBefore(3)],
      note: expect.stringContaining(`'Recent' (${second.id}) holds the weeks from ${weekBefore(2)}`),
    });
    expect((await run(id)).collections[0]).toMatchObject({ added: [] });
  });

  test('a dataset that is no longer installed is reported, and the others are updated', async () => {
    const [gone, live] = [await bench.served({ dataset: 'reach_frequency' }), await bench.served()];
    const { id } = await bench.schedule([gone, live]);
    await bench.query(
      `INSERT INTO datasets SELECT 'removed', 1, definition, definition_sha256 FROM datasets WHERE name = 'reach_frequency'`,
    );
    await bench.query(`UPDATE report_data_collections SET dataset = 'removed' WHERE id = $1`, gone.id);
    const tick = await run(id);
    expect(tick.collections.map(({ note }) => note).sort()).toEqual([expect.stringContaining("no dataset 'removed'"), null].sort());
    expect(tick.weeksPlanned).toBe(7);
  });
});
