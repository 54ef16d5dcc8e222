import { eventually } from '@amc-reports/test-support/collect/bench.ts';
import { readSchedule } from './read.ts';
import { runScheduler } from './scheduler.ts';
import { createScheduleBench, type ScheduleBench } from '@amc-reports/test-support/schedule/bench.ts';

let bench: ScheduleBench;
beforeAll(async () => {
  bench = await createScheduleBench();
});
afterAll(() => bench.drop());

const WAITING = `FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;

const start = () => {
  const stop = new AbortController();
  const running = runScheduler(bench.ctx, stop.signal);
  return async () => {
    stop.abort();
    await running;
  };
};
const lastTick = async (id: string) => (await readSchedule(bench.ctx, { id })).lastTick;

test('ticks what is due, sleeps until the next due time, and ticks that too', async () => {
  const overdue = await bench.schedule([await bench.served()]);
  const soon = await bench.schedule([await bench.served()]);
  await bench.makeDue(overdue.id);
  await bench.query(`UPDATE schedules SET next_at = now() + interval '1 second' WHERE id = $1`, soon.id);
  const stop = start();
  await eventually(async () => (await lastTick(overdue.id)) !== null);
  await eventually(async () => (await lastTick(soon.id)) !== null);
  await stop();
  expect(await bench.query('SELECT FROM schedule_ticks WHERE ticked_at < due_at')).toEqual([]);
});

test('stops when it sleeps, and leaves the due time to others when it is stopped in a tick', async () => {
  await start()();
  const { id } = await bench.schedule([await bench.served()]);
  await bench.makeDue(id);
  const letGo = await bench.stopTicks();
  const stop = start();
  await eventually(async () => (await bench.query(`SELECT ${WAITING}`)).length === 1);
  await stop();
  await letGo();
  expect(await lastTick(id)).toBeNull();
  expect(await bench.tickDue()).toEqual({ scheduleId: id, failure: null });
});

test('outlives a connection that is lost in the middle of a tick, and makes the tick', async () => {
  const { id } = await bench.schedule([await bench.served()]);
  await bench.makeDue(id);
  const letGo = await bench.stopTicks();
  const stop = start();
  await eventually(async () => (await bench.query(`SELECT pg_terminate_backend(pid) ${WAITING}`)).length === 1);
  await letGo();
  await eventually(async () => (await lastTick(id)) !== null);
  await stop();
});
