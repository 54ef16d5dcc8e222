import { createScheduleBench, NEWEST, weekBefore, type ScheduleBench } from '@amc-reports/test-support/schedule/bench.ts';
import { readCollection } from '../../engine/collect/collections/read.ts';
import { scheduleCollection } from './join.ts';
import { pauseSchedule } from './pause.ts';
import { readSchedule } from './read.ts';
import { startCollection } from './start.ts';

let bench: ScheduleBench;
beforeAll(async () => {
  bench = await createScheduleBench();
});
afterAll(() => bench.drop());

const DATASET = 'campaign_performance';
const start = async (schedule?: Parameters<typeof startCollection>[1]['schedule'], instance?: string) =>
  startCollection(bench.ctx, { instance: instance ?? (await bench.instance()), dataset: DATASET, weeks: 3, ...(schedule && { schedule }) });
const actions = (...subjects: string[]) =>
  bench.query<{ action: string }>('SELECT action FROM audit_log WHERE subject = ANY ($1) ORDER BY id', subjects);
const count = async (table: string) => Number((await bench.query<{ n: string }>(`SELECT count(*) AS n FROM ${table}`))[0]!.n);

describe('starting a collection that a schedule keeps up to date', () => {
  test('it joins the schedule that was chosen, with one record each, and everybody concerned is told', async () => {
    const first = await bench.served();
    const { id, name } = await bench.schedule([first]);
    const made = await start({ id });
    expect(made).toMatchObject({ schedule: { id, name, state: 'active' }, lastWeek: NEWEST, imported: false });
    expect((await readSchedule(bench.ctx, { id })).collections.map((each) => each.id).sort()).toEqual([first.id, made.id].sort());
    expect(await actions(`collection ${made.id}`, `schedule ${id}`)).toEqual(
      ['schedule.create', 'collection.create', 'schedule.join'].map((action) => ({ action })),
    );
    expect((await bench.audiences(id)).at(-1)).toEqual((await bench.instanceIds(first, made)).sort());
  });

  test('the schedule’s next tick collects the weeks that are complete by then', async () => {
    const { id } = await bench.schedule([await bench.served()]);
    const made = await start({ id });
    await bench.finishRuns(made.id);
    bench.calendar.now = new Date(bench.calendar.now.getTime() + 7 * 86_400_000);
    await bench.makeDue(id);
    await bench.tickDue();
    expect((await readCollection(bench.ctx, made)).lastWeek).toBe(weekBefore(-1));
    bench.calendar.now = new Date(bench.calendar.now.getTime() - 7 * 86_400_000);
  });

  test('a new schedule is made from a template, in the zone of the instance', async () => {
    const made = await start({ template: 'weekly', name: 'Mine' }, await bench.instance('Asia/Tokyo'));
    expect(made.schedule).toMatchObject({ name: 'Mine', state: 'active' });
    expect(await readSchedule(bench.ctx, { id: made.schedule!.id! })).toMatchObject({
      template: 'weekly',
      cron: '0 6 * * 3',
      timeZone: 'Asia/Tokyo',
      staggerSeconds: 60,
      collections: [{ id: made.id }],
    });
  });

  test('without a choice nothing keeps it up to date, and it says so', async () => {
    expect(await start()).toMatchObject({ schedule: null });
  });

  test.each([
    [{ id: '999999' }, 'not_found', 'no schedule 999999'],
    [{ template: 'weekly' as const, name: 'Taken' }, 'conflict', "a schedule named 'Taken' already"],
  ])('with %j, which is refused, no collection is left either', async (schedule, code, words) => {
    if ('name' in schedule) await bench.schedule([await bench.served()], { name: 'Taken' });
    const before = [await count('report_data_collections'), await count('schedules'), await count('audit_log'), await count('outbox')];
    const instance = await bench.instance();
    await expect(start(schedule, instance)).rejects.toMatchObject({ code, message: expect.stringContaining(words) });
    expect([await count('report_data_collections'), await count('schedules'), await count('audit_log'), await count('outbox')]).toEqual(
      before,
    );
  });

  test('when the collection is refused no schedule is left either', async () => {
    const instance = await bench.instance();
    await start(undefined, instance);
    const before = await count('schedules');
    await expect(start({ template: 'weekly', name: 'Never' }, instance)).rejects.toMatchObject({ code: 'conflict' });
    expect(await count('schedules')).toBe(before);
  });

  test('of two started at once for the same weeks one wins, and the schedule holds it alone', async () => {
    const { id } = await bench.schedule([await bench.served()]);
    const instance = await bench.instance();
    const outcomes = await Promise.allSettled([start({ id }, instance), start({ id }, instance), start(undefined, instance)]);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const each of outcomes) if (each.status === 'rejected') expect(each.reason).toMatchObject({ code: 'conflict' });
    expect((await readSchedule(bench.ctx, { id })).collections.length).toBeLessThanOrEqual(2);
  });
});

describe('scheduling a collection that is there', () => {
  test('it joins one schedule, and not a second', async () => {
    const [one, other] = [await bench.schedule([await bench.served()]), await bench.schedule([await bench.served()])];
    const { id } = await bench.served();
    expect((await scheduleCollection(bench.ctx, { id, schedule: { id: one.id } })).schedule).toEqual({
      id: one.id,
      name: one.name,
      state: 'active',
    });
    for (const schedule of [{ id: other.id }, { id: one.id }, { template: 'daily' as const, name: 'Second' }])
      await expect(scheduleCollection(bench.ctx, { id, schedule })).rejects.toMatchObject({
        code: 'conflict',
        message: expect.stringContaining(`belongs to schedule '${one.name}' (${one.id}) already`),
      });
    await pauseSchedule(bench.ctx, { id: one.id });
    expect((await readCollection(bench.ctx, { id })).schedule).toMatchObject({ state: 'paused' });
  });

  test('one of imported files is refused, and says that it is one', async () => {
    const { id } = await bench.served();
    await bench.query(`UPDATE report_data_collections SET sql_text = '' WHERE id = $1`, id);
    const { id: scheduleId } = await bench.schedule([await bench.served()]);
    expect(await readCollection(bench.ctx, { id })).toMatchObject({ imported: true, schedule: null });
    await expect(scheduleCollection(bench.ctx, { id, schedule: { id: scheduleId } })).rejects.toMatchObject({ code: 'conflict' });
  });

  test('who does not see all of a schedule sees that there is one, and not which', async () => {
    const [mine, theirs] = [await bench.served(), await bench.served()];
    const { id, name } = await bench.schedule([mine, theirs]);
    const ctx = { ...bench.ctx, scope: { ...bench.ctx.scope, instanceIds: await bench.instanceIds(mine) } };
    expect((await readCollection(ctx, mine)).schedule).toEqual({ id: null, name: null, state: 'active' });
    expect((await readCollection(bench.ctx, mine)).schedule).toEqual({ id, name, state: 'active' });
    const { id: free } = await bench.served();
    const [freeInstance] = await bench.instanceIds({ id: free });
    const wider = { ...ctx, scope: { ...ctx.scope, instanceIds: [...ctx.scope.instanceIds, freeInstance!] } };
    await expect(scheduleCollection(wider, { id: free, schedule: { id } })).rejects.toMatchObject({ code: 'not_found' });
  });
});

test('a schedule tells the states of its collections as the list of collections does', async () => {
  const [done, waiting] = [await bench.served(), await bench.served()];
  await bench.setRun(waiting.id, weekBefore(1), `state = 'running'`);
  const { id } = await bench.schedule([done, waiting]);
  const states = Object.fromEntries((await readSchedule(bench.ctx, { id })).collections.map((each) => [each.id, each.state]));
  expect(states).toEqual({ [done.id]: 'complete', [waiting.id]: 'running' });
});
