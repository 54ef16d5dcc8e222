import { runsAfter } from './cron.ts';
import { previewSchedule, scheduleDetail, scheduleHistory } from './read.ts';
import { runSchedule } from './run.ts';
import { createScheduleBench, type ScheduleBench } from '@amc-reports/test-support/schedule/bench.ts';

let bench: ScheduleBench;
beforeAll(async () => {
  bench = await createScheduleBench();
});
afterAll(() => bench.drop());

test('details show the next five due times and the newest five ticks; history comes in pages', async () => {
  const { id, nextAt } = await bench.schedule([await bench.served()]);
  for (let n = 0; n < 7; n++) await runSchedule(bench.ctx, { id });
  const detail = await scheduleDetail(bench.ctx, { id });
  expect(detail.nextRuns).toHaveLength(5);
  expect(detail.nextRuns[0]).toBe(nextAt);
  expect(detail.history).toHaveLength(5);
  const first = await scheduleHistory(bench.ctx, { id, limit: 4 });
  const second = await scheduleHistory(bench.ctx, { id, limit: 4, before: first.next! });
  expect(first.ticks).toHaveLength(4);
  expect(second.next).toBeNull();
  const ids = [...first.ticks, ...second.ticks].map((tick) => Number(tick.id));
  expect(ids).toEqual([...ids].sort((a, b) => b - a));
  expect(new Set(ids).size).toBe(7);
});

test('a preview counts from the database’s clock, whatever the machine and the calendar say', async () => {
  const times = { cron: '0 6 * * 3', timeZone: 'Europe/Berlin' };
  const [database] = await bench.query<{ now: Date }>('SELECT now()');
  const expected = runsAfter(times, database!.now, 3).map((run) => run.toISOString());
  jest.useFakeTimers({
    now: new Date('2031-01-01'),
    doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate', 'setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance'],
  });
  try {
    expect(await previewSchedule(bench.ctx, { ...times, count: 3 })).toEqual({ ...times, runs: expected });
  } finally {
    jest.useRealTimers();
  }
});
