import { startTestSandbox, newToken, type TestSandbox } from '@amc-reports/test-support/sandbox/fixture.ts';
import { firings } from './schedules.ts';
import type { StoredSchedule } from './schedule-store.ts';

const SQL = 'SELECT campaign, SUM(impressions) AS impressions FROM sponsored_ads_traffic GROUP BY campaign';

let test: TestSandbox;
beforeAll(async () => {
  test = await startTestSandbox({ historyDays: 12 });
  await test.reporting('POST', '/workflows', { workflowId: 'scheduled', sqlQuery: SQL });
});
afterAll(() => test.stop());

it('are created, read, replaced, listed and deleted; their workflow stays while they do', async () => {
  const created = await test.reporting('POST', '/schedules', {
    scheduleId: 's1',
    workflowId: 'scheduled',
    aggregationPeriod: 'Weekly',
    aggregationHourUtc: '5',
    scheduleEnabled: 'true',
  });
  expect([created.status, created.text]).toEqual([200, '{}']);
  const read = await test.reporting('GET', '/schedules/s1');
  // 20 March 2026 is a Friday: the weekday of creation is the default.
  expect(read.text).toBe(
    '{"aggregationHourUtc":5,"aggregationPeriod":"Weekly","aggregationStartDay":"Friday","scheduleEnabled":true,"scheduleId":"s1","workflowId":"scheduled"}',
  );
  expect(read.headers.get('content-type')).toContain('application/vnd.amcschedules.v1+json');
  expect(
    (await test.reporting('POST', '/schedules', { scheduleId: 's1', workflowId: 'scheduled', aggregationPeriod: 'Daily' })).status,
  ).toBe(400);
  const refused = await test.reporting('DELETE', '/workflows/scheduled');
  expect([refused.status, refused.body.details]).toEqual([400, expect.stringContaining('used by a schedule')]);
  expect(
    (
      await test.reporting('PUT', '/schedules/s1', {
        workflowId: 'scheduled',
        aggregationPeriod: 'Daily',
        aggregationHourUtc: 3,
        scheduleEnabled: false,
      })
    ).text,
  ).toBe('{}');
  expect((await test.reporting('GET', '/schedules')).body.schedules).toEqual([
    { aggregationHourUtc: 3, aggregationPeriod: 'Daily', scheduleEnabled: false, scheduleId: 's1', workflowId: 'scheduled' },
  ]);
  expect((await test.reporting('DELETE', '/schedules/s1')).text).toBe('{}');
  expect((await test.reporting('GET', '/schedules/s1')).status).toBe(404);
});

it('refuse what Amazon refuses', async () => {
  for (const body of [
    { scheduleId: 'x', workflowId: 'none', aggregationPeriod: 'Daily' },
    { scheduleId: 'x', workflowId: 'scheduled', aggregationPeriod: 'daily' },
    { scheduleId: 'x', workflowId: 'scheduled', aggregationPeriod: 'Weekly', aggregationStartDay: 'MONDAY' },
    { scheduleId: 'x', workflowId: 'scheduled', aggregationPeriod: 'Daily', aggregationHourUtc: 24 },
  ]) {
    expect([body, (await test.reporting('POST', '/schedules', body)).status]).toEqual([body, 400]);
  }
});

it('fire on the virtual clock: daily ones every day, weekly ones on their day, disabled ones never', async () => {
  const make = (scheduleId: string, more: object) => test.reporting('POST', '/schedules', { scheduleId, workflowId: 'scheduled', ...more });
  await make('daily', { aggregationPeriod: 'Daily', aggregationHourUtc: 6 });
  await make('weekly', { aggregationPeriod: 'Weekly', aggregationHourUtc: 7, aggregationStartDay: 'Monday' });
  await make('off', { aggregationPeriod: 'Daily', aggregationHourUtc: 8, scheduleEnabled: false });
  await test.control('POST', '/clock', { advanceDays: 4 });
  test.token = await newToken(test.sandbox.url);
  const { body } = await test.reporting('GET', '/workflowExecutions?workflowId=scheduled&sortAscending=true');
  const windows = (body.executions as { timeWindowStart: string; timeWindowEnd: string }[])
    .map((execution) => `${execution.timeWindowStart} ${execution.timeWindowEnd}`)
    .sort();
  expect(windows).toEqual([
    '2026-03-16T07:00:00Z 2026-03-23T07:00:00Z',
    '2026-03-20T06:00:00Z 2026-03-21T06:00:00Z',
    '2026-03-21T06:00:00Z 2026-03-22T06:00:00Z',
    '2026-03-22T06:00:00Z 2026-03-23T06:00:00Z',
    '2026-03-23T06:00:00Z 2026-03-24T06:00:00Z',
  ]);
  await test.control('POST', '/clock', { advanceMs: 1000 });
  expect(((await test.reporting('GET', '/workflowExecutions?workflowId=scheduled')).body.executions as unknown[]).length).toBe(5);
});

it('one that cannot run, as its workflow wants a parameter, stops no other', async () => {
  const inputParameters = [{ name: 'campaign', dataType: 'STRING' }];
  await test.reporting('POST', '/workflows', { workflowId: 'wanting', sqlQuery: SQL, inputParameters });
  await test.reporting('POST', '/workflows', { workflowId: 'content', sqlQuery: SQL });
  // They fire in the order of their names.
  await test.reporting('POST', '/schedules', { scheduleId: 'a', workflowId: 'wanting', aggregationPeriod: 'Daily' });
  await test.reporting('POST', '/schedules', { scheduleId: 'b', workflowId: 'content', aggregationPeriod: 'Daily' });
  await test.control('POST', '/clock', { advanceDays: 1 });
  test.token = await newToken(test.sandbox.url);
  const runs = async (workflowId: string) =>
    ((await test.reporting('GET', `/workflowExecutions?workflowId=${workflowId}`)).body.executions as unknown[]).length;
  expect([await runs('wanting'), await runs('content')]).toEqual([0, 1]);
});

it('a schedule that slept for a year wakes up to two months of runs', () => {
  const schedule = { aggregationPeriod: 'Daily', aggregationHourUtc: 0 } as StoredSchedule;
  const due = firings(schedule, new Date('2025-01-01T00:00:00Z'), new Date('2026-01-01T00:00:00Z'));
  expect(due).toHaveLength(60);
  expect(due.at(-1)?.toISOString()).toBe('2026-01-01T00:00:00.000Z');
});
