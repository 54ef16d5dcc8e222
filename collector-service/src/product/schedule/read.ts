import type { ReadScope } from '../../engine/collect/statements/read-collections.ts';
import type { SchedulePreview, SchedulePreviewQuery } from '../../contract/schedule-templates.ts';
import type { ScheduleHistory, ScheduleHistoryQuery, ScheduleTick } from '../../contract/schedule-ticks.ts';
import type { Schedule, ScheduleDetail } from '../../contract/schedules.ts';
import type { Store } from '../../data/store/store.ts';
import { parseCron, runsAfter } from './cron.ts';
import { refuse } from './refusal.ts';
import { selectSchedules, selectTickCollections, selectTicks, sees, type ScheduleView, type TickView } from './statements/read.ts';

const SHOWN_RUNS = 5;
const SHOWN_TICKS = 5;

/** The schedules of a scope, by name. One that also holds instances outside the scope is not among them. */
export async function listSchedules(store: Store, scope: ReadScope): Promise<Schedule[]> {
  return (await selectSchedules(store.pool, scope)).map(toSchedule);
}

/** @throws CollectorError not_found */
export async function readSchedule(store: Store, scope: ReadScope, id: string): Promise<Schedule> {
  return toSchedule(await viewOf(store, scope, id));
}

/** A schedule with its next five due times and its newest ticks. @throws CollectorError not_found */
export async function scheduleDetail(store: Store, scope: ReadScope, id: string): Promise<ScheduleDetail> {
  const view = await viewOf(store, scope, id);
  return {
    ...toSchedule(view),
    nextRuns: runsAfter(view, view.now, SHOWN_RUNS).map((run) => run.toISOString()),
    history: await withCollections(store, await selectTicks(store.pool, id, { limit: SHOWN_TICKS })),
  };
}

/** A page of ticks, newest first. @throws CollectorError not_found */
export async function scheduleHistory(store: Store, scope: ReadScope, id: string, query: ScheduleHistoryQuery): Promise<ScheduleHistory> {
  if (!(await sees(store.pool, scope, id))) throw noSchedule(id);
  const found = await selectTicks(store.pool, id, { before: query.before, limit: query.limit + 1 });
  const ticks = found.slice(0, query.limit);
  return { ticks: await withCollections(store, ticks), next: found.length > ticks.length ? ticks.at(-1)!.id : null };
}

/** A tick that was just made. */
export async function readTick(store: Store, scheduleId: string, tickId: string): Promise<ScheduleTick> {
  const [tick] = await withCollections(store, await selectTicks(store.pool, scheduleId, { only: tickId, limit: 1 }));
  if (!tick) throw refuse('not_found', 'The schedule was deleted just now.');
  return tick;
}

/** When a schedule with these times would tick, from now (the machine's clock) on. @throws CollectorError invalid_request */
export function previewSchedule({ cron, timeZone, count }: SchedulePreviewQuery): SchedulePreview {
  const times = parseCron(cron, timeZone);
  return { ...times, runs: runsAfter(times, new Date(), count).map((run) => run.toISOString()) };
}

export const noSchedule = (id: string) => refuse('not_found', `There is no schedule ${id} here; list the schedules to see which exist.`);

async function viewOf(store: Store, scope: ReadScope, id: string): Promise<ScheduleView> {
  const [view] = await selectSchedules(store.pool, scope, id);
  if (!view) throw noSchedule(id);
  return view;
}

const toSchedule = ({ now: _now, ...view }: ScheduleView): Schedule => ({
  ...view,
  nextAt: view.nextAt?.toISOString() ?? null,
  createdAt: view.createdAt.toISOString(),
});

async function withCollections(store: Store, ticks: readonly TickView[]): Promise<ScheduleTick[]> {
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
