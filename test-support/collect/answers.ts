import { metricQuerySchema, queryRequestSchema, type MetricQueryInput } from '@amc-reports/collector-service/contract/query.ts';
import type { Frame } from '@amc-reports/collector-service/contract/frame.ts';
import { createCollection } from '@amc-reports/collector-service/engine/collect/collections/create.ts';
import type { NewCollection } from '@amc-reports/collector-service/engine/collect/collections/plan.ts';
import { ask, createQueryCache, responseOf } from '@amc-reports/collector-service/engine/query/index.ts';
import { addDays, newestCompleteWeek, type IsoDate } from '@amc-reports/collector-service/ground/calendar/week.ts';
import { windowDays } from '@amc-reports/collector-service/ground/calendar/window.ts';
import { tableRows } from '../query/query-fixture.ts';
import { openTruth } from '../sandbox/truth.ts';
import { createTestBench } from './bench.ts';
import { testContext } from './context.ts';
import { startTestSandbox } from './sandbox.ts';

export const ZONE = 'America/Los_Angeles';

/** Datasets collected from a sandbox over HTTP, asked as a table asks, beside the sandbox's own events. */
export interface Answers {
  /** The Monday of the newest complete week, or of one before it. */
  monday(weeksAgo: number): IsoDate;
  collect(dataset: string, range: Partial<NewCollection>): Promise<void>;
  /** Rows of the answer as a table, over whole days. */
  table(query: MetricQueryInput, days: { start: IsoDate; end: IsoDate }): Promise<Record<string, unknown>[]>;
  frame(query: MetricQueryInput, days: { start: IsoDate; end: IsoDate }): Promise<Frame>;
  /** A SELECT on the events (Truth.rows) of the dataset's window that is kept under a Monday, as known when the sandbox computed it. */
  truth<Row>(dataset: string, monday: IsoDate, select: string): Promise<Row[]>;
  close(): Promise<void>;
}

export async function createAnswers(historyDays: number, amcInstanceId = 'amcsandbox1'): Promise<Answers> {
  const sandbox = await startTestSandbox({ historyDays });
  const truth = openTruth(process.env.TEST_POSTGRES_URL!, sandbox.databaseName);
  const bench = await createTestBench(sandbox, amcInstanceId);
  const now = new Date();
  const ctx = testContext(bench.database, { clock: () => now });
  const instance = { id: bench.instance.id, amcInstanceId, name: 'Sandbox', timeZone: ZONE };
  const scope = { ...ctx.scope, instances: [instance] };
  const cache = createQueryCache();

  const frame: Answers['frame'] = async (query, { start, end }) => {
    const asked = metricQuerySchema.parse({ format: 'table', grain: 'total', ...query });
    const request = queryRequestSchema.parse({ from: Date.parse(start), to: Date.parse(end), queries: [asked] });
    const { error, frames } = responseOf(await ask({ ...ctx, cache, scope }, request)).results.A!;
    if (frames?.[0] === undefined) throw new Error(error ?? 'no frame');
    return frames[0];
  };
  return {
    monday: (weeksAgo) => addDays(newestCompleteWeek(now, ZONE), -7 * weeksAgo),
    collect: async (dataset, range) => {
      const { id } = await createCollection(ctx, { instance: amcInstanceId, dataset, ...range });
      await bench.work(async () => {
        const { state, weekList } = await bench.detail(id);
        const stuck = weekList.find((week) => week.state === 'failed' || week.state === 'held');
        if (stuck !== undefined) throw new Error(`${dataset}, ${stuck.week}: ${JSON.stringify(stuck)}`);
        return state === 'complete';
      });
    },
    table: async (query, days) => tableRows(await frame(query, days)),
    frame,
    truth: async (dataset, monday, select) => {
      const days = windowDays(bench.database.catalogue.findDataset(dataset).window, monday);
      const execution = (await bench.bought()).find(
        ({ workflowId, timeWindowStartOriginal }) => workflowId.includes(`_${dataset}_v`) && timeWindowStartOriginal.startsWith(days.start),
      );
      if (execution === undefined) throw new Error(`No ${dataset} was bought from ${days.start} to ${days.end}`);
      const query = {
        instanceId: amcInstanceId,
        timeZone: ZONE,
        fromWeek: '',
        toWeek: '',
        windows: [days],
        asOf: new Date(execution.asOf),
      };
      return truth.rows(query, select);
    },
    close: async () => {
      await bench.drop();
      await truth.close();
      await sandbox.close();
    },
  };
}
