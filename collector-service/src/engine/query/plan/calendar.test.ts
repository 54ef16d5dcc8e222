import { createStory, US } from '@amc-reports/test-support/query/story-fixture.ts';
import { daysOf, noticesIn, valuesOf, type World } from '@amc-reports/test-support/query/query-fixture.ts';
import type { ReportingCalendar } from '../../../ground/calendar/reporting-calendar.ts';
import { addDays } from '../../../ground/calendar/week.ts';

let world: World;
beforeAll(async () => {
  world = await createStory();
});
afterAll(() => world.close());

const ask = (grain: 'day' | 'week' | 'month', from: string, to: string, calendar: ReportingCalendar, more: object = {}) =>
  world.ask({ metrics: ['impressions'], grain, ...more }, from, to, { instances: [US], scope: { ...world.scope, calendar } });
const byDay = async (from: string, to: string, calendar: ReportingCalendar): Promise<number> =>
  (valuesOf(await ask('day', from, to, calendar))[0]!.values as number[]).reduce((sum, value) => sum + value, 0);

describe('weeks and months of a workspace', () => {
  it('are added up from days where they are not Amazon’s', async () => {
    const sunday: ReportingCalendar = { weekStartsOn: 7, months: { kind: 'calendar', startsOn: 1 } };
    const weeks = await ask('week', '2026-02-01', '2026-03-01', sunday);
    expect(daysOf(weeks[0])).toEqual(['2026-02-01', '2026-02-08', '2026-02-15', '2026-02-22']);
    const values = valuesOf(weeks)[0]!.values as number[];
    for (const [index, week] of daysOf(weeks[0]).entries()) expect(values[index]).toBe(await byDay(week, addDays(week, 7), sunday));
    expect(new Set(values).size).toBe(1);
  });

  it('take whole weeks from the level that hides least, and days only around them', async () => {
    const fiscal: ReportingCalendar = { weekStartsOn: 1, months: { kind: '4-4-5', years: ['2025-12-29'] } };
    const [frame] = await ask('month', '2025-12-29', '2026-02-23', fiscal);
    expect(daysOf(frame)).toEqual(['2025-12-29', '2026-01-26']);
    // Four Monday weeks each, hidden days with them: 34,000 shown and 200 hidden a week.
    expect(valuesOf([frame!])[0]!.values).toEqual([4 * 34_200, 4 * 34_200]);
    expect(frame?.schema.meta.executedQueryString).not.toContain('_day');
    const shifted: ReportingCalendar = { weekStartsOn: 1, months: { kind: 'calendar', startsOn: 15 } };
    const months = await ask('month', '2026-01-15', '2026-03-15', shifted);
    expect(daysOf(months[0])).toEqual(['2026-01-15', '2026-02-15']);
    expect(months[0]?.schema.meta.executedQueryString).toContain('rollup_campaign_performance_v2_total_week');
    expect(months[0]?.schema.meta.executedQueryString).toContain('rollup_campaign_performance_v2_total_day');
  });

  it('say so when none lies whole in the range', async () => {
    const sunday: ReportingCalendar = { weekStartsOn: 7, months: { kind: 'calendar', startsOn: 1 } };
    expect(noticesIn(await ask('week', '2026-03-02', '2026-03-08', sunday))[0]).toMatch(
      /^No whole week that is collected lies in this range/,
    );
  });
});
