import { nextRun } from './cron.ts';
import { editSchedule } from './edit.ts';
import { pauseSchedule } from './pause.ts';
import { readSchedule, scheduleDetail, scheduleHistory } from './read.ts';
import { removeSchedule } from './remove.ts';
import { resumeSchedule } from './resume.ts';
import { runSchedule } from './run.ts';
import { createScheduleBench, type ScheduleBench } from '@amc-reports/test-support/schedule/bench.ts';

let bench: ScheduleBench;
beforeAll(async () => {
  bench = await createScheduleBench();
});
afterAll(() => bench.drop());

const audit = (id: string) =>
  bench.query<{ person: string; action: string }>('SELECT person, action FROM audit_log WHERE subject = $1 ORDER BY id', `schedule ${id}`);

describe('changing a schedule', () => {
  test('only what is named changes; other times are counted from now', async () => {
    const { id } = await bench.schedule([await bench.served()], { template: 'weekly_deep' });
    await bench.makeDue(id);
    const edited = await editSchedule(bench.ctx, { id, cron: '15 7 * * 1', deepRestateWeeks: null });
    expect(edited).toMatchObject({ cron: '15 7 * * 1', timeZone: 'America/Los_Angeles', deepRestateWeeks: null, staggerSeconds: 60 });
    expect(edited.nextAt).toBe(nextRun(edited, new Date()).toISOString());
    const renamed = await editSchedule(bench.ctx, { id, name: 'Mondays', staggerSeconds: 5 });
    expect(renamed).toEqual({ ...edited, name: 'Mondays', staggerSeconds: 5 });
    expect((await audit(id)).map(({ action }) => action)).toEqual(['schedule.create', 'schedule.edit', 'schedule.edit']);
  });

  test('a change that leaves the times alone leaves a due tick due', async () => {
    const { id } = await bench.schedule([await bench.served()]);
    const due = await bench.makeDue(id);
    expect((await editSchedule(bench.ctx, { id, restateWeeks: 1 })).nextAt).toBe(due.toISOString());
    await bench.tickDue();
  });

  test('collections are replaced; those taken out are free for another schedule', async () => {
    const [first, second] = [await bench.served(), await bench.served()];
    const { id } = await bench.schedule([first]);
    const edited = await editSchedule(bench.ctx, { id, collections: [second.id] });
    expect(edited.collections.map((each) => each.id)).toEqual([second.id]);
    await expect(bench.schedule([first])).resolves.toBeDefined();
    await expect(editSchedule(bench.ctx, { id, collections: [second.id, first.id] })).rejects.toMatchObject({
      code: 'conflict',
    });
  });

  test.each([
    [{ cron: 'now' }, 'invalid_request'],
    [{ timeZone: 'nowhere' }, 'invalid_request'],
    [{ collections: ['424242'] }, 'not_found'],
  ])('refuses %j and changes nothing', async (input, code) => {
    const before = await bench.schedule([await bench.served()]);
    await expect(editSchedule(bench.ctx, { id: before.id, ...input })).rejects.toMatchObject({ code });
    expect(await readSchedule(bench.ctx, { id: before.id })).toEqual(before);
    expect(await bench.audiences(before.id)).toHaveLength(1);
  });

  test('a name that another schedule has is refused, its own is not', async () => {
    const [one, two] = [await bench.schedule([await bench.served()], { name: 'One' }), await bench.schedule([await bench.served()])];
    await expect(editSchedule(bench.ctx, { id: two.id, name: 'One' })).rejects.toMatchObject({ code: 'conflict' });
    await expect(editSchedule(bench.ctx, { id: one.id, name: 'One', staggerSeconds: 1 })).resolves.toBeDefined();
  });
});

describe('pause, resume, run now and delete', () => {
  test('a paused schedule is not due, what is missed meanwhile is not made up for, and it can still be run by hand', async () => {
    const { id } = await bench.schedule([await bench.served()]);
    await bench.makeDue(id);
    expect(await pauseSchedule(bench.ctx, { id })).toMatchObject({ state: 'paused', nextAt: null });
    expect(await pauseSchedule(bench.ctx, { id })).toMatchObject({ state: 'paused' });
    expect(await bench.tickDue()).toBeUndefined();
    expect(await runSchedule(bench.ctx, { id })).toMatchObject({ kind: 'manual', weeksPlanned: 7 });
    const resumed = await resumeSchedule(bench.ctx, { id });
    expect(resumed.state).toBe('active');
    expect(resumed.nextAt).toBe(nextRun(resumed, new Date()).toISOString());
    expect(await resumeSchedule(bench.ctx, { id })).toEqual(resumed);
    expect(await bench.tickDue()).toBeUndefined();
    expect((await audit(id)).map(({ action }) => action)).toEqual(
      ['create', 'pause', 'pause', 'run', 'resume', 'resume'].map((action) => `schedule.${action}`),
    );
  });

  test('run now moves no due time', async () => {
    const { id, nextAt } = await bench.schedule([await bench.served()]);
    await runSchedule(bench.ctx, { id });
    expect(await readSchedule(bench.ctx, { id })).toMatchObject({ nextAt, lastTick: { kind: 'manual', weeksPlanned: 7 } });
  });

  test('a deleted schedule leaves collections and planned weeks; its name and collections are free', async () => {
    const collection = await bench.served();
    const { id } = await bench.schedule([collection], { name: 'Short-lived' });
    await runSchedule(bench.ctx, { id });
    expect(await removeSchedule(bench.ctx, { id })).toMatchObject({ id, name: 'Short-lived' });
    await expect(readSchedule(bench.ctx, { id })).rejects.toMatchObject({ code: 'not_found' });
    expect(await bench.planned(collection.id)).toHaveLength(7);
    await expect(bench.schedule([collection], { name: 'Short-lived' })).resolves.toBeDefined();
  });

  test('what is not there is not found', async () => {
    for (const act of [
      () => pauseSchedule(bench.ctx, { id: '999' }),
      () => resumeSchedule(bench.ctx, { id: '999' }),
      () => removeSchedule(bench.ctx, { id: '999' }),
      () => runSchedule(bench.ctx, { id: '999' }),
      () => editSchedule(bench.ctx, { id: '999', name: 'x' }),
      () => scheduleDetail(bench.ctx, { id: '999' }),
      () => scheduleHistory(bench.ctx, { id: '999', limit: 1 }),
    ]) {
      await expect(act()).rejects.toMatchObject({ code: 'not_found', status: 404 });
    }
  });
});

describe('who hears of a decision', () => {
  /** The audiences of the events that a decision leaves. */
  async function heard(id: string, decision: () => Promise<unknown>): Promise<string[][]> {
    const before = await bench.audiences(id);
    await decision();
    return (await bench.audiences(id)).slice(before.length);
  }

  test('those who see all of the schedule’s instances', async () => {
    const collections = [await bench.served(), await bench.served()];
    const { id } = await bench.schedule(collections);
    const all = await bench.instanceIds(...collections);
    expect(await bench.audiences(id)).toEqual([all]);
    expect(await heard(id, () => pauseSchedule(bench.ctx, { id }))).toEqual([all]);
    expect(await heard(id, () => resumeSchedule(bench.ctx, { id }))).toEqual([all]);
    expect(await heard(id, () => editSchedule(bench.ctx, { id, staggerSeconds: 5 }))).toEqual([all]);
    expect(await heard(id, () => runSchedule(bench.ctx, { id }))).toEqual([all]);
    expect(await heard(id, () => removeSchedule(bench.ctx, { id }))).toEqual([all]);
  });

  test('when it moves to other instances, those who saw it before and those who see it since', async () => {
    const [first, second] = [await bench.served(), await bench.served()];
    const { id } = await bench.schedule([first]);
    const [one, two] = await bench.instanceIds(first, second);
    const move = (...collections: string[]) => heard(id, () => editSchedule(bench.ctx, { id, collections }));
    expect(await move(second.id)).toEqual([[one], [two]]);
    expect(await move(first.id, second.id)).toEqual([[two], [one, two]]);
    expect(await move(first.id)).toEqual([[one, two], [one]]);
  });
});
