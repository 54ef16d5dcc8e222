import { cancelCollection } from '../../engine/collect/collections/cancel.ts';
import { createSchedule } from './create.ts';
import { nextRun } from './cron.ts';
import { westernmost } from './members.ts';
import { listSchedules } from './read.ts';
import { createScheduleBench, weekBefore, type ScheduleBench } from '@amc-reports/test-support/schedule/bench.ts';

let bench: ScheduleBench;
beforeAll(async () => {
  bench = await createScheduleBench();
});
afterAll(() => bench.drop());

const audit = (id: string) =>
  bench.query<{ person: string; action: string }>('SELECT person, action FROM audit_log WHERE subject = $1 ORDER BY id', `schedule ${id}`);

describe('making a schedule', () => {
  test('it is due at the next time of its cron in its zone, and on record', async () => {
    const collection = await bench.served();
    const made = await bench.schedule([collection], { name: 'Weekly' });
    expect(made).toMatchObject({
      name: 'Weekly',
      state: 'active',
      cron: '0 6 * * 3',
      timeZone: 'America/Los_Angeles',
      template: null,
      restateWeeks: null,
      deepRestateWeeks: null,
      staggerSeconds: 0,
      nextAt: nextRun({ cron: '0 6 * * 3', timeZone: 'America/Los_Angeles' }, new Date()).toISOString(),
      lastTick: null,
      failure: null,
      createdBy: 'ada',
      collections: [
        { id: collection.id, instance: collection.instance, dataset: 'campaign_performance', state: 'complete', lastWeek: weekBefore(1) },
      ],
    });
    expect(await audit(made.id)).toEqual([{ person: 'ada', action: 'schedule.create' }]);
    expect(await bench.audiences(made.id)).toEqual([await bench.instanceIds(collection)]);
  });

  test('a template gives what is left out, and what is given wins', async () => {
    const made = await bench.schedule([await bench.served()], { template: 'weekly_deep', cron: undefined, restateWeeks: 3 });
    expect(made).toMatchObject({ template: 'weekly_deep', cron: '0 6 * * 3', restateWeeks: 3, deepRestateWeeks: 14, staggerSeconds: 60 });
  });

  test('a dataset stands for its newest live collection of every instance of the scope', async () => {
    const collections = [await bench.served({ dataset: 'reach_frequency' }), await bench.served({ dataset: 'reach_frequency' })];
    const gone = await bench.served({ dataset: 'reach_frequency' });
    await cancelCollection(bench.ctx, { id: gone.id });
    const made = await bench.schedule([], { collections: undefined, dataset: 'reach_frequency' });
    expect(made.collections.map(({ id }) => id).sort()).toEqual(collections.map(({ id }) => id).sort());
  });

  test('without a zone it gets the one of its instances in which a week ends last', async () => {
    const collections = [
      await bench.served({ timeZone: 'Asia/Tokyo' }),
      await bench.served(),
      await bench.served({ timeZone: 'Europe/Berlin' }),
    ];
    expect(await bench.schedule(collections, { timeZone: undefined })).toMatchObject({ timeZone: 'America/Los_Angeles' });
    expect(westernmost(['Europe/London', 'UTC', 'Africa/Abidjan'], new Date('2026-01-15T12:00Z'))).toBe('Africa/Abidjan');
    expect(westernmost(['Pacific/Kiritimati', 'Pacific/Pago_Pago'], new Date('2026-01-15T12:00Z'))).toBe('Pacific/Pago_Pago');
  });

  test('two schedules never hold the same collection, also when they are made at the same moment', async () => {
    const collection = await bench.served();
    const outcomes = await Promise.allSettled([1, 2, 3, 4].map((n) => bench.schedule([collection], { name: `Race ${n}` })));
    const won = outcomes.filter((each) => each.status === 'fulfilled');
    expect(won).toHaveLength(1);
    const { id, name } = won[0]!.value;
    for (const each of outcomes)
      if (each.status === 'rejected') {
        expect(each.reason).toMatchObject({
          code: 'conflict',
          status: 409,
          message: expect.stringContaining(`schedule '${name}' (${id})`),
          details: { collectionId: collection.id, scheduleId: id },
        });
      }
  });

  test.each([
    [{ cron: '0 6 * *' }, 'invalid_request', 'five fields'],
    [{ cron: '* * * * *' }, 'invalid_request', 'more than once an hour'],
    [{ timeZone: 'Mars/Olympus' }, 'invalid_request', 'no time zone'],
    [{ collections: ['999999'] }, 'not_found', 'no collection 999999'],
    [{ collections: undefined, dataset: 'campain_performance' }, 'unknown_dataset', 'Did you mean'],
  ])('refuses %j with %s', async (overrides, code, words) => {
    const before = (await listSchedules(bench.ctx)).length;
    await expect(bench.schedule([await bench.served()], overrides)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(words),
    });
    expect(await listSchedules(bench.ctx)).toHaveLength(before);
  });

  test('a name is given once in a workspace', async () => {
    await bench.schedule([await bench.served()], { name: 'Twice' });
    await expect(bench.schedule([await bench.served()], { name: 'Twice' })).rejects.toMatchObject({ code: 'conflict' });
  });

  test('a cancelled collection is not taken, and a dataset without collections is said to have none', async () => {
    const collection = await bench.served();
    await cancelCollection(bench.ctx, { id: collection.id });
    await expect(bench.schedule([collection])).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining('cancelled') });
    const nobody = { ...bench.ctx, scope: { ...bench.ctx.scope, instanceIds: [] } };
    await expect(createSchedule(nobody, { name: 'None', cron: '0 6 * * 3', dataset: 'campaign_performance' })).rejects.toMatchObject({
      code: 'not_found',
      message: expect.stringContaining('create a collection first'),
    });
  });
});
