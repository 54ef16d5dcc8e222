import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { eventually } from '@amc-reports/test-support/collect/bench.ts';
import { occasionOf } from './due.ts';
import { readSchedule, scheduleHistory } from './read.ts';
import { createScheduleBench, NEWEST, NOW, weekBefore, type ScheduleBench } from '@amc-reports/test-support/schedule/bench.ts';

let bench: ScheduleBench;
beforeAll(async () => {
  bench = await createScheduleBench();
});
let child: ChildProcess | undefined;
afterEach(() => void child?.kill('SIGKILL'));
afterAll(() => bench.drop());
beforeEach(() => {
  bench.calendar.now = NOW;
});

const ticks = async (id: string) => (await scheduleHistory(bench.ctx, { id, limit: 100 })).ticks;
const read = (id: string) => readSchedule(bench.ctx, { id });
const HOUR_MS = 3_600_000;

test('a due time brings one tick, and the next one is computed from the row', async () => {
  const collection = await bench.served();
  const { id, nextAt } = await bench.schedule([collection]);
  const due = await bench.makeDue(id);
  expect(await bench.tickDue()).toEqual({ scheduleId: id, failure: null });
  expect(await bench.tickDue()).toBeUndefined();
  expect(await ticks(id)).toMatchObject([
    { kind: 'scheduled', missed: 0, dueAt: due.toISOString(), askedBy: 'collector', weeksPlanned: 7, collections: [{ added: [NEWEST] }] },
  ]);
  expect(await read(id)).toMatchObject({ nextAt, failure: null, lastTick: { kind: 'scheduled', weeksPlanned: 7 } });
});

test('what was missed is made up for once, and the tick says how much it was', async () => {
  const collection = await bench.served();
  const { id, nextAt } = await bench.schedule([collection]);
  // Four Wednesdays at six have passed since.
  await bench.query(`UPDATE schedules SET next_at = next_at - interval '28 days' WHERE id = $1`, id);
  await bench.tickDue();
  expect(await bench.tickDue()).toBeUndefined();
  const [tick, ...others] = await ticks(id);
  expect(others).toEqual([]);
  expect(tick).toMatchObject({ kind: 'caught_up', missed: 4, weeksPlanned: 7 });
  // An hour more or less where a clock change lies between.
  expect(Math.abs(Date.parse(nextAt!) - Date.parse(tick!.dueAt) - 7 * 24 * HOUR_MS)).toBeLessThanOrEqual(HOUR_MS);
  expect((await read(id)).nextAt).toBe(nextAt);
});

test('a tick that comes minutes late is on time, one that comes an hour late was missed', () => {
  const row = { cron: '0 6 * * 3', timeZone: 'UTC', deepRestateWeeks: null, lastMonth: '2026-03', nextAt: new Date('2026-03-18T06:00Z') };
  const at = (now: string) => occasionOf({ ...row, now: new Date(now) } as Parameters<typeof occasionOf>[0]);
  expect(at('2026-03-18T06:04Z')).toMatchObject({ kind: 'scheduled', missed: 0, dueAt: row.nextAt });
  expect(at('2026-03-18T07:00Z')).toMatchObject({ kind: 'caught_up', missed: 1, dueAt: row.nextAt });
  expect(at('2026-03-25T06:01Z')).toMatchObject({ kind: 'caught_up', missed: 2, dueAt: new Date('2026-03-25T06:00Z') });
});

test('the first tick of a month in the schedule’s zone goes deep, those after it do not', async () => {
  const row = { cron: '0 22 * * *', timeZone: 'America/Los_Angeles', deepRestateWeeks: 9, lastMonth: '2026-03' };
  const deep = (nextAt: string, lastMonth = row.lastMonth) => {
    const due = new Date(nextAt);
    return occasionOf({ ...row, lastMonth, nextAt: due, now: due } as Parameters<typeof occasionOf>[0]).deep;
  };
  // 22:00 on 31 March there is 05:00 on 1 April in UTC.
  expect(deep('2026-04-01T05:00Z')).toBe(false);
  expect(deep('2026-04-02T05:00Z')).toBe(true);
  expect(deep('2026-04-03T05:00Z', '2026-04')).toBe(false);
  expect(deep('2027-01-02T06:00Z', '2026-12')).toBe(true);

  const collection = await bench.served({ weeks: 20 });
  const { id } = await bench.schedule([collection], { restateWeeks: 2, deepRestateWeeks: 9 });
  await bench.query(`UPDATE schedules SET last_month = '2020-01' WHERE id = $1`, id);
  await bench.makeDue(id);
  await bench.tickDue();
  expect(await ticks(id)).toMatchObject([{ deep: true, weeksPlanned: 10 }]);
  await bench.finishRuns(collection.id);
  await bench.makeDue(id, 0);
  await bench.tickDue();
  expect(await ticks(id)).toMatchObject([
    { deep: false, weeksPlanned: 2, collections: [{ restated: [weekBefore(1), NEWEST] }] },
    { deep: true },
  ]);
});

test('many tickers at once make one tick of every due schedule', async () => {
  const schedules: string[] = [];
  for (let n = 0; n < 4; n++) {
    const { id } = await bench.schedule([await bench.served()]);
    await bench.makeDue(id);
    schedules.push(id);
  }
  const outcomes = await Promise.all(Array.from({ length: 16 }, () => bench.tickDue()));
  expect(
    outcomes
      .filter((each) => each !== undefined)
      .map((each) => each.scheduleId)
      .sort(),
  ).toEqual([...schedules].sort());
  for (const id of schedules) expect(await ticks(id)).toMatchObject([{ weeksPlanned: 7, weeksSkipped: 0 }]);
});

test('a due time has one tick even if the clock is set back and it comes again', async () => {
  const { id } = await bench.schedule([await bench.served()]);
  const due = await bench.makeDue(id);
  await bench.tickDue();
  await bench.query('UPDATE schedules SET next_at = $2 WHERE id = $1', id, due);
  const outcome = await bench.tickDue();
  expect(outcome).toMatchObject({ scheduleId: id, failure: expect.objectContaining({ code: '23505' }) });
  expect(await ticks(id)).toHaveLength(1);
});

test('a tick that fails is shown, stays due, keeps no other waiting, and is made when it can be', async () => {
  const [broken, fine] = [await bench.schedule([await bench.served()]), await bench.schedule([await bench.served()])];
  await bench.makeDue(broken.id, 3);
  await bench.makeDue(fine.id, 1);
  await bench.query(
    `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'out of order'; END $$;
     CREATE TRIGGER refuse BEFORE INSERT ON schedule_ticks FOR EACH ROW WHEN (NEW.schedule_id = ${broken.id}) EXECUTE FUNCTION refuse()`,
  );
  expect(await bench.tickDue()).toMatchObject({ scheduleId: broken.id, failure: expect.anything() });
  expect(await bench.tickDue()).toEqual({ scheduleId: fine.id, failure: null });
  expect(await bench.tickDue()).toBeUndefined();
  expect(await read(broken.id)).toMatchObject({ failure: expect.stringContaining('out of order'), lastTick: null });
  await bench.query(`DROP TRIGGER refuse ON schedule_ticks`);
  await bench.query(`UPDATE schedules SET retry_after = now() WHERE id = $1`, broken.id);
  expect(await bench.tickDue()).toEqual({ scheduleId: broken.id, failure: null });
  expect(await read(broken.id)).toMatchObject({ failure: null, lastTick: { weeksPlanned: 7 } });
});

test('a scheduler killed before its commit loses nothing: no run is planned, and the next one makes the tick', async () => {
  const collection = await bench.served();
  const { id } = await bench.schedule([collection]);
  await bench.makeDue(id);
  const letGo = await bench.stopTicks();
  child = spawn(
    process.execPath,
    [join(__dirname, '../../../../test-support/schedule/scheduler-process.ts'), bench.database.url, NOW.toISOString()],
    {
      env: { ...process.env, NODE_OPTIONS: '' },
      stdio: 'inherit',
    },
  );
  const waits = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%INTO outbox%'`;
  await eventually(async () => (await bench.query(waits)).length === 1);
  // It holds the schedule: another scheduler passes by.
  expect(await bench.tickDue()).toBeUndefined();
  child.kill('SIGKILL');
  await once(child, 'exit');
  await letGo();
  await eventually(async () => (await bench.tickDue()) !== undefined);
  expect(await ticks(id)).toMatchObject([{ weeksPlanned: 7, weeksSkipped: 0 }]);
  expect(await bench.planned(collection.id)).toHaveLength(7);
});

test('ticks older than Amazon’s memory are forgotten', async () => {
  const { id } = await bench.schedule([await bench.served()]);
  await bench.makeDue(id);
  await bench.tickDue();
  await bench.query(
    `UPDATE schedule_ticks SET ticked_at = now() - interval '14 months', due_at = due_at - interval '14 months' WHERE schedule_id = $1`,
    id,
  );
  await bench.makeDue(id);
  await bench.tickDue();
  expect(await ticks(id)).toHaveLength(1);
});
