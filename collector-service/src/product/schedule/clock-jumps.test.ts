import { clockTrouble, readClocks } from '../../ground/calendar/clocks.ts';
import { createScheduleBench, NOW, type ScheduleBench } from '@amc-reports/test-support/schedule/bench.ts';
import { mendSchedules } from './mend.ts';
import { listSchedules, scheduleDetail } from './read.ts';
import { runSchedule } from './run.ts';

/** A clock that was wrong for a minute must leave nothing behind. */
let bench: ScheduleBench;
beforeEach(async () => {
  bench = await createScheduleBench();
});
afterEach(async () => {
  jest.restoreAllMocks();
  await bench.drop();
});

const CASES = ['0 6 * * 3', '0 6 1 * *', '30 2 * * *', '0 * * * *'];
const listed = async (id: string) => (await listSchedules(bench.ctx)).find((each) => each.id === id)!;

test.each(CASES)('a schedule (%s) that was moved to 2028 waits for its next time again, and list and show agree', async (cron) => {
  const { id, nextAt } = await bench.schedule([await bench.served()], { cron });
  await bench.query(
    `UPDATE schedules SET next_at = '2128-11-30T14:00Z', last_month = '2128-11', retry_after = '2128-11-30' WHERE id = $1`,
    id,
  );
  await bench.query(
    `INSERT INTO schedule_ticks (schedule_id, kind, due_at, ticked_at, asked_by)
     SELECT $1, 'caught_up', '2128-11-23T14:00Z'::timestamptz - n * interval '7 days', '2128-11-23T14:00Z', 'collector' FROM generate_series(0, 2) n`,
    id,
  );
  const wrong = await scheduleDetail(bench.ctx, { id });
  expect(wrong.nextRuns[0]).toBe(wrong.nextAt);

  await mendSchedules(bench.ctx);
  const mended = await scheduleDetail(bench.ctx, { id });
  expect(mended.nextAt).toBe(nextAt);
  expect(mended.nextRuns[0]).toBe(nextAt);
  expect((await listed(id)).nextAt).toBe(nextAt);
  expect(await bench.query(`SELECT FROM schedule_ticks WHERE due_at > now() OR ticked_at > now()`)).toEqual([]);
  // It ticks when it is due, deep once a month as before.
  const [row] = await bench.query<{ fresh: boolean; retry: boolean }>(
    `SELECT last_month = to_char(now() AT TIME ZONE time_zone, 'YYYY-MM') AS fresh, retry_after < now() + interval '2 hours' AS retry FROM schedules WHERE id = $1`,
    id,
  );
  expect(row).toEqual({ fresh: true, retry: true });
  await bench.makeDue(id);
  await bench.query(`UPDATE schedules SET retry_after = '-infinity'`);
  expect(await bench.tickDue()).toEqual({ scheduleId: id, failure: null });
});

test('a schedule that waits as its cron says, or was set back by minutes, is left alone', async () => {
  const { id } = await bench.schedule([await bench.served()]);
  const due = await bench.makeDue(id);
  await bench.tickDue();
  const { nextAt } = await listed(id);
  // The clock was set back by half an hour: the same due time must not come twice.
  await bench.query(`UPDATE schedule_ticks SET due_at = now() + interval '30 minutes' WHERE due_at = $1`, due);
  await mendSchedules(bench.ctx);
  expect((await listed(id)).nextAt).toBe(nextAt);
  expect(await bench.query(`SELECT FROM schedule_ticks WHERE due_at > now()`)).toHaveLength(1);
});

test.each<[string, () => unknown]>([
  ['the database’s clock leapt ahead', () => bench.query(`UPDATE clock_seen SET seen_at = now() - interval '2 years'`)],
  ['the database’s clock went back', () => bench.query(`UPDATE clock_seen SET seen_at = now() + interval '2 hours'`)],
  ['the machine’s clock leapt ahead', () => jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 63_072_000_000)],
  ['the machine’s clock went back', () => jest.spyOn(Date, 'now').mockReturnValue(Date.now() - 63_072_000_000)],
])('when %s nothing ticks, nothing is moved, and a person’s wish is refused; afterwards the tick is made', async (_what, jump) => {
  const collection = await bench.served();
  const { id } = await bench.schedule([collection]);
  const waiting = await bench.schedule([await bench.served()]);
  await bench.makeDue(id);
  await bench.query(`UPDATE schedules SET next_at = next_at + interval '1 year' WHERE id = $1`, waiting.id);
  await jump();
  const trouble = clockTrouble(await readClocks(bench.database.store.pool));
  expect(trouble).toContain('nothing is bought');
  expect(await bench.tickDue()).toBeUndefined();
  await mendSchedules(bench.ctx);
  expect((await listed(waiting.id)).nextAt).not.toBe(waiting.nextAt);
  await expect(runSchedule(bench.ctx, { id })).rejects.toMatchObject({ code: 'clocks_disagree' });
  expect(await bench.planned(collection.id)).toEqual([]);

  jest.restoreAllMocks();
  await bench.query(`UPDATE clock_seen SET seen_at = now()`);
  expect(await bench.tickDue()).toEqual({ scheduleId: id, failure: null });
  await mendSchedules(bench.ctx);
  expect((await listed(waiting.id)).nextAt).toBe(waiting.nextAt);
});

test('a calendar of another year, as tests and demonstrations have, is no jump', async () => {
  bench.calendar.now = new Date(NOW.getTime() - 5 * 365 * 86_400_000);
  expect(await readClocks(bench.database.store.pool)).toMatchObject({ agree: true });
});
