import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '@amc-reports/collector-service/ground/calendar/clock.ts';
import type { IsoDate } from '@amc-reports/collector-service/ground/calendar/week.ts';
import { addDays, newestCompleteWeek } from '@amc-reports/collector-service/ground/calendar/week.ts';
import type { Collection, CollectionDetail } from '@amc-reports/collector-service/contract/collections.ts';
import { SANDBOX_ACCOUNT_ID, SANDBOX_MARKETPLACE_ID } from '@amc-reports/sandbox/account.ts';
import { createCollection } from '@amc-reports/collector-service/engine/collect/collections/create.ts';
import { collectionDetail } from '@amc-reports/collector-service/engine/collect/collections/read.ts';
import type { CollectSettings } from '@amc-reports/collector-service/engine/collect/settings.ts';
import { runWorker } from '@amc-reports/collector-service/engine/collect/worker.ts';
import { createTestCollector } from './collector.ts';
import { testContext } from './context.ts';
import { createCollectDatabase, SILENT, type CollectDatabase } from './database.ts';
import { insertSandboxInstance, type SoldExecution, type TestSandbox } from './sandbox.ts';

const ZONE = 'America/Los_Angeles';
/** Weeks whose numbers no longer change, so that two collections of them are equal whenever they run. */
const SETTLED_WEEKS_AGO = 11;
/** History that holds them. */
export const SETTLED_HISTORY_DAYS = 110;

export const settledWeek = (index: number): IsoDate =>
  addDays(newestCompleteWeek(new Date(), ZONE), -7 * (SETTLED_WEEKS_AGO + 1) + 7 * index);

/** One test's collector: a database with the sandbox's instance, and what it has seen of the sandbox since it began. */
export async function createTestBench(sandbox: TestSandbox, amcInstanceId = 'amcsandbox1') {
  const before = new Set((await sandbox.executions()).map((execution) => execution.workflowExecutionId));
  const database = await createCollectDatabase();
  const instance = await insertSandboxInstance(database, sandbox.url, amcInstanceId);
  return benchOver(database, { sandbox, before, instance, amcInstanceId });
}

export interface BenchOptions {
  sandbox: TestSandbox;
  /** Executions that were there when the test began. */
  before: ReadonlySet<string>;
  instance: { id: string; connectionId: string };
  amcInstanceId: string;
}

/** A bench over a database that has the instance already, such as one that another bench's was restored into. */
export function benchOver(database: CollectDatabase, options: BenchOptions) {
  const { sandbox, before, instance, amcInstanceId } = options;
  const ctx = testContext(database);
  const query = async <T>(sql: string, ...values: unknown[]): Promise<T[]> => (await database.store.pool.query(sql, values)).rows as T[];

  return {
    database,
    instance,
    ctx,
    query,
    collect: (weeks: number, dataset = 'campaign_performance'): Promise<Collection> =>
      createCollection(ctx, { instance: amcInstanceId, dataset, firstWeek: settledWeek(0), lastWeek: settledWeek(weeks - 1) }),
    /** Saves the workflow at the sandbox and counts the collection as validated, without a dry run that could meet the test's fault. */
    skipValidation: async (id: string): Promise<void> => {
      const collector = await createTestCollector(database.store, database.catalogue, SILENT);
      const client = await collector.deps.amc(instance.connectionId);
      const [saved] = await query<{ workflowId: string; sqlQuery: string }>(
        'SELECT workflow_id AS "workflowId", sql_text AS "sqlQuery" FROM report_data_collections WHERE id = $1',
        id,
      );
      const ref = { instanceId: amcInstanceId, accountId: SANDBOX_ACCOUNT_ID, marketplaceId: SANDBOX_MARKETPLACE_ID };
      await client.workflows.put(ref, { ...saved!, filteredColumn: 'filtered' }, AbortSignal.timeout(60_000));
      await query('UPDATE report_data_collections SET validated_at = now() WHERE id = $1', id);
      await collector.close();
    },
    detail: (id: string): Promise<CollectionDetail> => collectionDetail(ctx, { id }),
    /** Executions bought since the test began, dry runs left out. */
    bought: async (): Promise<SoldExecution[]> =>
      (await sandbox.executions()).filter((each) => !each.dryRun && !before.has(each.workflowExecutionId)),
    totals: () => totals(database),
    /** Runs a worker in this process until the condition holds, by the machine's calendar unless told. @throws when it never does */
    work: async (until: () => Promise<boolean>, settings: Partial<CollectSettings> = {}, clock?: Clock): Promise<void> => {
      const collector = await createTestCollector(database.store, database.catalogue, SILENT, settings);
      const stop = new AbortController();
      const running = runWorker({ ...collector.deps, ...(clock && { clock }) }, stop.signal);
      try {
        await eventually(until);
      } finally {
        stop.abort();
        await running;
        await collector.close();
      }
    },
    /** As if the leases of a process that was killed or frozen had run out: what it holds is free for others at once. */
    expireLeases: async (pid: number | undefined): Promise<void> => {
      await query(
        `UPDATE week_runs SET lease_until = '-infinity' WHERE lease_until IS NOT NULL AND lease_owner LIKE '%:' || $1::int || ':%'`,
        pid,
      );
    },
    options,
    drop: () => database.drop(),
  };
}
export type TestBench = Awaited<ReturnType<typeof createTestBench>>;

/** Everything that answers are made of: rows and sums of the facts and of each roll-up, by week. */
async function totals({ store }: CollectDatabase): Promise<unknown[]> {
  const tables = [
    'fact_campaign_performance_v2',
    'rollup_campaign_performance_v2_total_week',
    'rollup_campaign_performance_v2_product_day',
  ];
  const answers: unknown[] = [];
  for (const table of tables) {
    const { rows } = await store.pool.query(
      `SELECT '${table}' AS name, week::text AS week, count(*)::int AS rows, sum(impressions)::text AS impressions, sum(clicks)::text AS clicks,
              sum(sponsored_ads_spend)::text AS spend, sum(sales)::text AS sales, sum(ntb_purchases)::text AS ntb FROM ${table} GROUP BY week ORDER BY week`,
    );
    answers.push(...rows);
  }
  return answers;
}

/** It says "never", a little before jest says so without the condition: however busy the machine, nothing waits for it in vain. */
const NEVER_MS = 240_000;

export async function eventually(condition: () => Promise<boolean>): Promise<void> {
  const until = Date.now() + NEVER_MS;
  while (!(await condition())) {
    if (Date.now() > until) throw new Error(`It did not come to pass within ${NEVER_MS} ms: ${condition.toString()}`);
    await sleep(25);
  }
}
