import { addDays, newestCompleteWeek, type IsoDate } from '../../ground/calendar/week.ts';
import { newestCompleteAnchor, oldestCollectableAnchor, windowDays, type WindowKind } from '../../ground/calendar/window.ts';
import { metricQuerySchema, queryRequestSchema, type MetricQueryInput } from '../../contract/query.ts';
import type { CollectionDetail } from '../../contract/collections.ts';
import { ask, createQueryCache, responseOf } from '../query/index.ts';
import { noticesIn, valuesOf } from '@amc-reports/test-support/query/query-fixture.ts';
import { openTruth, type Truth } from '@amc-reports/test-support/sandbox/truth.ts';
import { collectableWindows } from './collections/collectable.ts';
import { createCollection } from './collections/create.ts';
import { createTestBench, SETTLED_HISTORY_DAYS, type TestBench } from '@amc-reports/test-support/collect/bench.ts';
import { startTestSandbox, type TestSandbox } from '@amc-reports/test-support/collect/sandbox.ts';
import { testContext } from '@amc-reports/test-support/collect/context.ts';
import type { NewCollection } from './collections/plan.ts';

const ZONE = 'America/Los_Angeles';
const now = new Date();
const NEWEST = newestCompleteWeek(now, ZONE);

let sandbox: TestSandbox;
let truth: Truth;
let bench: TestBench;
beforeAll(async () => {
  sandbox = await startTestSandbox({ historyDays: SETTLED_HISTORY_DAYS });
  truth = openTruth(process.env.TEST_POSTGRES_URL!, sandbox.databaseName);
  bench = await createTestBench(sandbox);
});
afterAll(async () => {
  await bench.drop();
  await truth.close();
  await sandbox.close();
});

const plan = (dataset: string, range: Partial<NewCollection> = {}) =>
  createCollection(testContext(bench.database, { clock: () => now }), { instance: 'amcsandbox1', dataset, ...range });
const weeksOf = (detail: CollectionDetail): IsoDate[] => detail.weekList.map(({ week }) => week);

describe('planning windows', () => {
  const PLANS: [string, WindowKind][] = [
    ['reach_frequency_4_weeks', '4_weeks'],
    ['reach_frequency_13_weeks', '13_weeks'],
    ['reach_frequency_month', 'month'],
  ];

  it.each(PLANS)('%s: plans all that Amazon still has whole, at anchors only, where 52 weeks reach further', async (dataset, window) => {
    const { id, ...planned } = await plan(dataset, window === 'month' ? { weeks: 70 } : {});
    const weeks = weeksOf(await bench.detail(id));
    const oldest = oldestCollectableAnchor(window, now, ZONE);
    const fiftyTwo = addDays(newestCompleteAnchor(window, now, ZONE), -51 * 7);
    expect(weeks[0]).toBe(window === 'month' || oldest > fiftyTwo ? oldest : fiftyTwo);
    expect(weeks.at(-1)).toBe(newestCompleteAnchor(window, now, ZONE));
    expect([planned.firstWeek, planned.lastWeek, planned.weeksTotal]).toEqual([weeks[0], weeks.at(-1), weeks.length]);
    if (window === 'month') expect(weeks).toHaveLength(12);
    const starts = weeks.map((week) => windowDays(window, week).start);
    expect(new Set(starts).size).toBe(weeks.length);
    await bench.query(`UPDATE report_data_collections SET state = 'cancelled' WHERE id = $1`, id);
  });

  it.each([['reach_frequency', 'week'] as const, ...PLANS])(
    '%s: tells the days of each window, of those that can be collected too',
    async (dataset, window) => {
      const { windows, ...rest } = await collectableWindows(testContext(bench.database, { clock: () => now }), {
        instance: 'amcsandbox1',
        dataset,
      });
      expect(rest).toEqual({ window, timeZone: ZONE });
      const { id } = await plan(dataset, { firstWeek: windows.at(-1)!.week });
      const detail = await bench.detail(id);
      expect(detail.weekList.map(({ week, firstDay, lastDay }) => ({ week, firstDay, lastDay }))).toEqual([...windows].reverse());
      expect(detail).toMatchObject({ window, firstDay: windows.at(-1)!.firstDay, lastDay: windows[0]!.lastDay });
      for (const { week, firstDay, lastDay } of windows)
        expect([firstDay, addDays(lastDay, 1)]).toEqual([windowDays(window, week).start, windowDays(window, week).end]);
      if (window === 'month')
        for (const { firstDay, lastDay } of windows)
          expect(`${firstDay.slice(0, 7)} ${addDays(lastDay, 1).slice(8)}`).toBe(`${lastDay.slice(0, 7)} 01`);
      await bench.query(`UPDATE report_data_collections SET state = 'cancelled' WHERE id = $1`, id);
    },
  );

  it('refuses what Amazon has no longer or not yet, in words about windows', async () => {
    const tooOld = addDays(oldestCollectableAnchor('13_weeks', now, ZONE), -7);
    await expect(plan('reach_frequency_13_weeks', { firstWeek: tooOld })).rejects.toMatchObject({
      code: 'week_out_of_range',
      message: expect.stringMatching(/Amazon has the \d+ whole windows of 13 weeks that end with the weeks from/),
    });
    const running = addDays(newestCompleteAnchor('month', now, ZONE), 35);
    await expect(plan('reach_frequency_month', { lastWeek: running })).rejects.toMatchObject({
      code: 'week_out_of_range',
      message: expect.stringMatching(/Amazon has the \d+ whole months that begin/),
    });
    await expect(plan('reach_frequency_month', { firstWeek: '2026-13-45' })).rejects.toMatchObject({ code: 'invalid_request' });
  });

  it('says when no month begins in the weeks named', async () => {
    const anchor = newestCompleteAnchor('month', now, ZONE);
    const week = addDays(anchor, -7);
    await expect(plan('reach_frequency_month', { firstWeek: week, lastWeek: week })).rejects.toMatchObject({
      code: 'invalid_request',
      message: expect.stringContaining('No month begins'),
    });
  });
});

describe('collecting windows', () => {
  const MONTH = newestCompleteAnchor('month', now, ZONE);
  const framesOf = async (query: MetricQueryInput, from: IsoDate, to: IsoDate) => {
    const instance = { id: bench.instance.id, amcInstanceId: 'amcsandbox1', name: 'Sandbox', timeZone: ZONE };
    const request = queryRequestSchema.parse({ from: Date.parse(from), to: Date.parse(to), queries: [metricQuerySchema.parse(query)] });
    const ctx = testContext(bench.database, { clock: () => now });
    const scope = { ...ctx.scope, instances: [instance] };
    return responseOf(await ask({ ...ctx, cache: createQueryCache(), scope }, request)).results.A!.frames!;
  };
  const total = async (days: { start: string; end: string }): Promise<unknown> =>
    valuesOf(await framesOf({ metrics: ['reach'], grain: 'total', format: 'numeric' }, days.start, days.end))[0]?.values[0];

  it('buys the very windows, and reach over each is the truth and not the sum of its weeks', async () => {
    const month = windowDays('month', MONTH);
    const fourWeeks = windowDays('4_weeks', NEWEST);
    const thirteen = windowDays('13_weeks', NEWEST);
    const ids = [
      await plan('reach_frequency', { weeks: 4 }),
      await plan('reach_frequency_4_weeks', { weeks: 1 }),
      await plan('reach_frequency_13_weeks', { weeks: 1 }),
      await plan('reach_frequency_month', { firstWeek: MONTH }),
    ].map(({ id }) => id);
    await bench.work(async () => (await Promise.all(ids.map((id) => bench.detail(id)))).every(({ state }) => state === 'complete'));

    const bought = await bench.bought();
    const days = bought.map((each) => [each.timeWindowStartOriginal, each.timeWindowEndOriginal].map((text) => text.slice(0, 10)));
    expect(days.sort()).toEqual(
      [
        ...[3, 2, 1, 0].map((ago) => [addDays(NEWEST, -7 * ago), addDays(NEWEST, -7 * ago + 7)]),
        [fourWeeks.start, fourWeeks.end],
        [thirteen.start, thirteen.end],
        [month.start, month.end],
      ].sort(),
    );

    for (const window of [fourWeeks, thirteen, month]) {
      const execution = bought.find(
        (each) => each.timeWindowEndOriginal.startsWith(window.end) && each.timeWindowStartOriginal.startsWith(window.start),
      )!;
      const asOf = new Date(execution.asOf);
      const query = { instanceId: 'amcsandbox1', timeZone: ZONE, fromWeek: '', toWeek: '', windows: [window], asOf };
      const [people] = await truth.reach({ ...query, asOf: new Map([[window.start, asOf]]) }, 'all');
      expect(await total(window)).toBe(people!.reach);
      expect(people!.reach).toBeGreaterThan(100);
    }
    const weekly = valuesOf(await framesOf({ metrics: ['reach'], grain: 'week' }, fourWeeks.start, fourWeeks.end))[0]!.values as number[];
    expect(weekly).toHaveLength(4);
    const reach = (await total(fourWeeks)) as number;
    expect(reach).toBeLessThan(weekly.reduce((sum, each) => sum + each, 0));
    expect(reach).toBeGreaterThan(Math.max(...weekly));
  });

  it('says which windows exist for any other range', async () => {
    const frames = await framesOf({ metrics: ['reach'], grain: 'total', format: 'numeric' }, addDays(NEWEST, -14), addDays(NEWEST, 7));
    expect(valuesOf(frames)).toEqual([]);
    expect(noticesIn(frames)[0]).toContain(`4 weeks ending ${addDays(NEWEST, 6)}`);
  });
});
