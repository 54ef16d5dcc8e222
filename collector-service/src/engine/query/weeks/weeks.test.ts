import { createStory, DE, US } from '@amc-reports/test-support/query/story-fixture.ts';
import { noticesIn, tableRows, type World } from '@amc-reports/test-support/query/query-fixture.ts';

let world: World;
beforeAll(async () => {
  world = await createStory();
  await world.store.pool.query(
    `INSERT INTO week_revisions (instance_id, dataset, dataset_version, week, data_version, run_id, accepted_at, rows_added, rows_changed, rows_vanished, totals_before, totals_after)
     SELECT id, 'campaign_performance', 2, '2026-03-09', v, 1, '2026-03-20T06:00:00Z'::timestamptz + v * interval '1 hour', 1, 4, 2,
       CASE WHEN v > 1 THEN '{"spend": {"EUR": "0", "USD": "100.5"}, "clicks": "10"}'::jsonb END,
       '{"spend": {"EUR": "7", "USD": "110.55"}, "clicks": "10"}'
     FROM instances, generate_series(1, 3) AS v`,
  );
  await world.store.pool.query(`UPDATE report_data_weeks SET data_version = 0 WHERE week = '2026-03-16' AND instance_id = $1`, [
    world.instance(US).id,
  ]);
});
afterAll(() => world.close());

const restatements = async (query: object = {}, options: object = { instances: [US] }, from = '2026-03-20', to = '2026-03-21') =>
  world.ask({ queryType: 'restatements', ...query }, from, to, options);

describe('restatements', () => {
  it('are one event for each run that changed a served week, oldest first, with what moved', async () => {
    const [frame] = await restatements();
    expect(tableRows(frame)).toEqual(
      [8, 9].map((hour) => ({
        time: Date.parse(`2026-03-20T0${hour}:00:00Z`),
        title: 'Campaign performance: week of 2026-03-09 restated',
        text: 'Spend (EUR) 0 → 7. Spend (USD) 100.5 → 110.55 (+10.0 %). Rows: 1 added, 4 changed, 2 gone.',
        tags: 'restatement,campaign_performance',
        week: '2026-03-09',
        instance: US,
      })),
    );
  });

  it('belong to the range and dataset asked for, and to the scope', async () => {
    expect(tableRows((await restatements({}, { instances: [US] }, '2026-03-20T08:30Z'))[0])).toHaveLength(1);
    expect(tableRows((await restatements({ dataset: 'reach_frequency' }))[0])).toEqual([]);
    expect(tableRows((await restatements({}, {}))[0]).map(({ instance }) => instance)).toEqual([DE, US, DE, US]);
    expect(tableRows((await restatements({}, { scope: { workspaceId: '1', instances: [world.instance(DE)] } }))[0])).toHaveLength(2);
  });

  it('are cut to the newest, and the answer says so', async () => {
    const [frame] = await restatements({ limit: 1 });
    expect(tableRows(frame).map(({ time }) => time)).toEqual([Date.parse('2026-03-20T09:00:00Z')]);
    expect(frame?.schema.meta.notices?.[0]?.text).toMatch(/Only the newest 1 restatements/);
  });
});

describe('freshness', () => {
  it('tells doubtful weeks, and every answer made of one says so', async () => {
    const mark = (doubt: string | null) =>
      world.store.pool.query(
        `UPDATE report_data_weeks SET doubt = $2 WHERE instance_id = $1 AND dataset = 'campaign_performance' AND week = '2026-03-09'`,
        [world.instance(US).id, doubt],
      );
    const states = async () => {
      const [frame] = await world.ask({ queryType: 'freshness' }, '2026-03-09', '2026-03-10', { instances: [US] });
      return tableRows(frame).map(({ state }) => state);
    };
    const spend = () => world.ask({ metrics: ['spend'], grain: 'week' }, '2026-03-02', '2026-03-16', { instances: [US] });
    await mark('{"findings": [], "note": ""}');
    expect(await states()).toEqual(['doubtful']);
    const frames = await spend();
    expect(frames[0]?.schema.meta.custom?.freshness.weeksDoubtful).toEqual(['2026-03-09']);
    expect(noticesIn(frames)).toContain('1 week is doubtful, much unlike the weeks around: 2026-03-09. The collection says why.');
    await mark(null);
    expect(await states()).toEqual(['complete']);
    expect((await spend())[0]?.schema.meta.custom?.freshness.weeksDoubtful).toBeUndefined();
  });

  it('has a row for every week that is served or should be, newest first', async () => {
    const [frame] = await world.ask({ queryType: 'freshness' }, '2026-03-09', '2026-03-23', { instances: [US] });
    expect(tableRows(frame)).toEqual([
      {
        week: Date.parse('2026-03-16'),
        instance: US,
        dataset: 'Campaign performance',
        state: 'missing',
        age: 'provisional',
        collected_at: null,
        rows: 0,
        data_version: 0,
        restatements: 0,
      },
      {
        week: Date.parse('2026-03-09'),
        instance: US,
        dataset: 'Campaign performance',
        state: 'complete',
        age: 'provisional',
        collected_at: Date.parse('2026-03-18'),
        rows: 8,
        data_version: 1,
        restatements: 2,
      },
    ]);
  });

  it('keeps to range, scope and limit', async () => {
    const weeks = async (query: object, options: object) =>
      tableRows((await world.ask({ queryType: 'freshness', ...query }, '2026-03-02T00:00:01Z', '2026-03-16T00:00:01Z', options))[0]).map(
        ({ week }) => new Date(week as number).toISOString().slice(0, 10),
      );
    expect(await weeks({}, { instances: [DE] })).toEqual(['2026-03-16', '2026-03-09']);
    expect(await weeks({ limit: 1 }, { instances: [DE] })).toEqual(['2026-03-16']);
    expect(await weeks({ dataset: 'reach_frequency' }, {})).toEqual([]);
  });
});
