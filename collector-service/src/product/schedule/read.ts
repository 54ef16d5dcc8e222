import { CollectorError } from '../../contract/error.ts';
import type { Context } from '../../ground/context.ts';
import type { Schedule, ScheduleDetail } from '../../contract/schedules.ts';
import type { ScheduleHistory, ScheduleHistoryQuery, ScheduleTick } from '../../contract/schedule-ticks.ts';
import type { SchedulePreview, SchedulePreviewQuery } from '../../contract/schedule-templates.ts';
import type { Database } from '../../ground/database.ts';
import { listCollections } from '../../engine/collect/collections/read.ts';
import { parseCron, runsAfter } from './cron.ts';
import { noSchedule } from './refusal.ts';
import { databaseNow } from './statements/schedules.ts';
import { selectSchedules, selectTickCollections, selectTicks, sees, type ScheduleView, type TickView } from './statements/read.ts';

/** What reading takes of a context. */
export type ReadContext = Pick<Context, 'store' | 'scope' | 'clock'>;

const SHOWN_RUNS = 5;
const SHOWN_TICKS = 5;

/** The schedules of a scope, by name. One that also holds instances outside the scope is not among them. */
export async function listSchedules(ctx: ReadContext): Promise<Schedule[]> {
  return withStates(ctx, await selectSchedules(ctx.store.pool, ctx.scope));
}

/** @throws CollectorError not_found */
export async function readSchedule(ctx: ReadContext, { id }: { id: string }): Promise<Schedule> {
  return withState(ctx, await viewOf(ctx, id));
}

/** A schedule with its next five due times and its newest ticks. @throws CollectorError not_found */
export async function scheduleDetail(ctx: ReadContext, { id }: { id: string }): Promise<ScheduleDetail> {
  const { store } = ctx;
  const view = await viewOf(ctx, id);
  return {
    ...(await withState(ctx, view)),
    nextRuns: nextRunsOf(view).map((run) => run.toISOString()),
    history: await withCollections(store, await selectTicks(store.pool, id, { limit: SHOWN_TICKS })),
  };
}

/** The next one is the one that it waits for, as the list says too; a paused one waits for none. */
const nextRunsOf = (view: ScheduleView): Date[] =>
  view.nextAt === null ? runsAfter(view, view.now, SHOWN_RUNS) : [view.nextAt, ...runsAfter(view, view.nextAt, SHOWN_RUNS - 1)];

/** A page of ticks, newest first. @throws CollectorError not_found */
export async function scheduleHistory(
  { store, scope }: ReadContext,
  { id, ...query }: { id: string } & ScheduleHistoryQuery,
): Promise<ScheduleHistory> {
  if (!(await sees(store.pool, scope, id))) throw noSchedule(id);
  const found = await selectTicks(store.pool, id, { before: query.before, limit: query.limit + 1 });
  const ticks = found.slice(0, query.limit);
  return { ticks: await withCollections(store, ticks), next: found.length > ticks.length ? ticks.at(-1)!.id : null };
}

/** A tick that was just made. */
export async function readTick({ store }: Pick<Context, 'store'>, scheduleId: string, tickId: string): Promise<ScheduleTick> {
  const [tick] = await withCollections(store, await selectTicks(store.pool, scheduleId, { only: tickId, limit: 1 }));
  if (!tick) throw new CollectorError('not_found', 'The schedule was deleted just now.');
  return tick;
}

/**
 * When a schedule with these times would tick, from now on by the database's clock, which decides when ticks are due.
 * @throws CollectorError invalid_request
 */
export async function previewSchedule(
  { store }: Pick<Context, 'store'>,
  { cron, timeZone, count }: SchedulePreviewQuery,
): Promise<SchedulePreview> {
  const times = parseCron(cron, timeZone);
  return { ...times, runs: runsAfter(times, await store.transaction(databaseNow), count).map((run) => run.toISOString()) };
}

async function viewOf({ store, scope }: ReadContext, id: string): Promise<ScheduleView> {
  const [view] = await selectSchedules(store.pool, scope, id);
  if (!view) throw noSchedule(id);
  return view;
}

/** Its collections in the states that the list of collections tells; who sees a schedule sees them all. */
async function withStates(ctx: ReadContext, views: readonly ScheduleView[]): Promise<Schedule[]> {
  const states = new Map((await listCollections(ctx)).map(({ id, state }) => [id, state]));
  return views.map(({ now: _now, ...view }) => ({
    ...view,
    collections: view.collections.map((each) => ({ ...each, state: states.get(each.id) ?? each.state })),
    nextAt: view.nextAt?.toISOString() ?? null,
    createdAt: view.createdAt.toISOString(),
  }));
}

const withState = async (ctx: ReadContext, view: ScheduleView): Promise<Schedule> => (await withStates(ctx, [view]))[0]!;

async function withCollections(store: Database, ticks: readonly TickView[]): Promise<ScheduleTick[]> {
  if (ticks.length === 0) return [];
  const collections = await selectTickCollections(
    store.pool,
    ticks.map(({ id }) => id),
  );
  return ticks.map((tick) => ({
    ...tick,
    dueAt: tick.dueAt.toISOString(),
    tickedAt: tick.tickedAt.toISOString(),
    collections: collections.filter(({ tickId }) => tickId === tick.id).map(({ tickId: _tickId, ...collection }) => collection),
  }));
}
