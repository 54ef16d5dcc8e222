import { addDays, mondays, type IsoDate } from '@amc-reports/collector-service/ground/calendar/week.ts';
import { loadDatasets, SHIPPED_DATASETS } from '@amc-reports/collector-service/data/catalogue/load.ts';
import type { Dataset } from '@amc-reports/collector-service/data/catalogue/dataset.ts';
import { datasetSql } from '@amc-reports/collector-service/data/catalogue/sql.ts';
import { mergeWeek } from '@amc-reports/collector-service/data/store/merge/merge-week.ts';
import { createMergeFixture, type MergeFixture } from '../store/merge-fixture.ts';
import type { TestSandbox } from './fixture.ts';

/** Weeks of campaign_performance as the sandbox computes them, merged; no worker is needed for what answers are made of. */
export interface Collected {
  fixture: MergeFixture;
  dataset: Dataset;
  instanceId: string;
  close(): Promise<void>;
}

/** Buys each week from Monday to Monday (both included) at the sandbox over HTTP and merges the file. */
export async function collectWeeks(sandbox: TestSandbox, timeZone: string, first: IsoDate, last: IsoDate): Promise<Collected> {
  const dataset = (await loadDatasets([SHIPPED_DATASETS])).find((each) => each.dataset === 'campaign_performance')!;
  const fixture = await createMergeFixture();
  const instance = await fixture.newInstance();
  await fixture.store.pool.query('UPDATE instances SET time_zone = $2 WHERE id = $1', [instance.id, timeZone]);
  await fixture.store.pool.query(
    `UPDATE report_data_collections SET dataset_version = $2, first_week = $3, last_week = $4 WHERE instance_id = $1`,
    [instance.id, dataset.version, first, last],
  );
  const workflowId = 'campaign_performance';
  const sqlQuery = datasetSql(dataset, { timeZone, advertiserTypes: ['DISPLAY', 'SPONSORED_ADS'], currencies: ['EUR', 'USD'] });
  await sandbox.reporting('POST', '/workflows', {
    workflowId,
    sqlQuery,
    filteredMetricsDiscriminatorColumn: 'filtered',
    outputFormat: { separatorCharacter: ',', quoteCharacter: '"', escapeCharacter: '"' },
  });
  for (const week of mondays(first, last)) {
    const { files, statusReason } = await sandbox.execute({
      workflowId,
      timeWindowType: 'EXPLICIT',
      timeWindowStart: `${week}T00:00:00`,
      timeWindowEnd: `${addDays(week, 7)}T00:00:00`,
      timeWindowTimeZone: timeZone,
    });
    if (statusReason !== undefined) throw new Error(`The sandbox refused the week of ${week}: ${statusReason}`);
    const parts = await Promise.all(files.map((file) => fixture.part(file)));
    const input = await instance.input(week, parts, { dataset });
    await fixture.store.transaction((tx) => mergeWeek(tx, input));
  }
  return { fixture, dataset, instanceId: instance.id, close: () => fixture.close() };
}
