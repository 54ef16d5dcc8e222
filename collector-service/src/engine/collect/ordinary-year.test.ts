import { addDays, newestCompleteWeek } from '../../ground/calendar/week.ts';
import { createTestBench } from '@amc-reports/test-support/collect/bench.ts';
import { startTestSandbox } from '@amc-reports/test-support/collect/sandbox.ts';
import { createCollection } from './collections/create.ts';

/** 52 weeks with seasons, thin weeks, incidents and late conversions, as a newcomer's first start collects them. */
test('of an ordinary year no week is asked again, held or marked', async () => {
  const sandbox = await startTestSandbox({ historyDays: 380 });
  const bench = await createTestBench(sandbox);
  try {
    const last = newestCompleteWeek(new Date(), 'America/Los_Angeles');
    for (const dataset of ['campaign_performance', 'reach_frequency'])
      await createCollection(bench.ctx, { instance: 'amcsandbox1', dataset, firstWeek: addDays(last, -7 * 51), lastWeek: last });
    await bench.work(async () => {
      const left = await bench.query(`SELECT FROM report_data_weeks WHERE compared_at IS NULL OR compared_at < collected_at`);
      return left.length === 0;
    });
    expect(await bench.query('SELECT week::text AS week, doubt FROM report_data_weeks WHERE doubt IS NOT NULL')).toEqual([]);
    expect(await bench.query('SELECT week::text AS week, objections FROM held_runs')).toEqual([]);
    expect(await bench.bought()).toHaveLength(104);
  } finally {
    await bench.drop();
    await sandbox.close();
  }
});
