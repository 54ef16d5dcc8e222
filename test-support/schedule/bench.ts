import { addDays, type IsoDate } from '@amc-reports/collector-service/ground/calendar/week.ts';
import { createCollection } from '@amc-reports/collector-service/engine/collect/collections/create.ts';
import { testContext } from '../collect/context.ts';
import { createCollectDatabase, insertInstance, type CollectDatabase } from '../collect/database.ts';
import type { Collection } from '@amc-reports/collector-service/contract/collections.ts';
import type { CreateSchedule, Schedule } from '@amc-reports/collector-service/contract/schedules.ts';
import { createSchedule } from '@amc-reports/collector-service/product/schedule/create.ts';
import type { ScheduleContext } from '@amc-reports/collector-service/product/schedule/context.ts';
import { tickDue } from '@amc-reports/collector-service/product/schedule/due.ts';

/** A Wednesday; the newest complete week began on 2026-03-09. */
export const NOW = new Date('2026-03-18T18:00:00Z');
export const NEWEST: IsoDate = '2026-03-09';
export const weekBefore = (weeks: number): IsoDate => addDays(NEWEST, -7 * weeks);

/** One test's database, a calendar that stands still, and short ways to what schedules are tested with. */
export async function createScheduleBench() {
  const database = await createCollectDatabase();
  const { store } = database;
  const calendar = { now: NOW };
  const ctx: ScheduleContext = { ...testContext(database, { clock: () => calendar.now }), timeFactor: 1 };
  const query = async <T>(sql: string, ...values: unknown[]): Promise<T[]> => (await store.pool.query(sql, values)).rows as T[];
  let made = 0;
  const stopped = new Set<() => Promise<void>>();

  return {
    database,
    ctx,
    calendar,
    query,
    instance: (timeZone = 'America/Los_Angeles') => newInstance(database, `amc${++made}`, timeZone),
    /** A collection of a new instance whose weeks are all served, the last one `behind` weeks before the newest. */
    served: async (options: { weeks?: number; behind?: number; dataset?: string; timeZone?: string } = {}): Promise<Collection> => {
      const amcInstanceId = await newInstance(database, `amc${++made}`, options.timeZone ?? 'America/Los_Angeles');
      const lastWeek = weekBefore(options.behind ?? 1);
      const collection = await createCollection(ctx, {
        instance: amcInstanceId,
        dataset: options.dataset ?? 'campaign_performance',
        lastWeek,
        firstWeek: addDays(lastWeek, -7 * ((options.weeks ?? 10) - 1)),
      });
      await serve(database, collection.id);
      return collection;
    },
    schedule: (collections: readonly { id: string }[], input: Partial<CreateSchedule> = {}): Promise<Schedule> =>
      createSchedule(ctx, {
        name: `Schedule ${++made}`,
        cron: '0 6 * * 3',
        timeZone: 'America/Los_Angeles',
        collections: collections.map(({ id }) => id),
        ...input,
      }),
    /** Puts the due time into the past, as if time had passed (database clock). */
    makeDue: async (id: string, agoMinutes = 1): Promise<Date> => {
      const [row] = await query<{ next_at: Date }>(
        `UPDATE schedules SET next_at = date_trunc('minute', now()) - $2 * interval '1 minute' WHERE id = $1 RETURNING next_at`,
        id,
        agoMinutes,
      );
      return row!.next_at;
    },
    tickDue: () => tickDue(ctx, new AbortController().signal),
    /** Lets the worker's part happen: every open run of a collection is done. */
    finishRuns: (collectionId: string) => serve(database, collectionId),
    setRun: (collectionId: string, week: IsoDate, change: string) =>
      query(
        `UPDATE week_runs SET ${change} WHERE id = (SELECT max(id) FROM week_runs WHERE collection_id = $1 AND week = $2)`,
        collectionId,
        week,
      ),
    /** Weeks that wait in line, with where and when. */
    planned: (collectionId: string) =>
      query<{ week: IsoDate; priority: number; tick_id: string | null; delay: number }>(
        `SELECT week::text AS week, priority, tick_id, round(extract(epoch FROM not_before - created_at))::int AS delay
         FROM week_runs WHERE collection_id = $1 AND state = 'planned' ORDER BY week`,
        collectionId,
      ),
    /** The instance (our id) of each collection. */
    instanceIds: async (...collections: { id: string }[]): Promise<string[]> => {
      const rows = await query<{ id: string; instanceId: string }>('SELECT id, instance_id AS "instanceId" FROM report_data_collections');
      return collections.map(({ id }) => rows.find((row) => row.id === id)!.instanceId);
    },
    /** Whom each event about a schedule was for, oldest first: those who see these instances (our ids). */
    audiences: async (id: string): Promise<string[][]> => {
      const rows = await query<{ instances: string[] }>(
        `SELECT instance_ids::text[] AS instances FROM outbox WHERE kind = 'schedule' AND subject = $1 ORDER BY id`,
        id,
      );
      return rows.map(({ instances }) => instances);
    },
    /** Ticks wait at the last thing they do, which is to write events; resolves to what lets them go on. */
    stopTicks: async (): Promise<() => Promise<void>> => {
      const client = await store.pool.connect();
      await client.query('BEGIN; LOCK TABLE outbox IN SHARE ROW EXCLUSIVE MODE');
      const letGo = async () => {
        if (!stopped.delete(letGo)) return;
        await client.query('ROLLBACK');
        client.release();
      };
      stopped.add(letGo);
      return letGo;
    },
    drop: async () => {
      for (const letGo of [...stopped]) await letGo();
      await database.drop();
    },
  };
}
export type ScheduleBench = Awaited<ReturnType<typeof createScheduleBench>>;

async function newInstance(database: CollectDatabase, amcInstanceId: string, timeZone: string): Promise<string> {
  await insertInstance(database, { amcInstanceId, timeZone });
  return amcInstanceId;
}

async function serve({ store }: CollectDatabase, collectionId: string): Promise<void> {
  await store.pool.query(
    `WITH done AS (
       UPDATE week_runs SET state = 'done', finished_at = now() WHERE collection_id = $1 AND state = 'planned' RETURNING id, instance_id, week)
     UPDATE report_data_weeks w SET accepted_run_id = done.id, data_version = w.data_version + 1, collected_at = now()
     FROM done, report_data_collections c
     WHERE c.id = $1 AND w.instance_id = done.instance_id AND w.week = done.week AND w.dataset = c.dataset AND w.dataset_version = c.dataset_version`,
    [collectionId],
  );
}
