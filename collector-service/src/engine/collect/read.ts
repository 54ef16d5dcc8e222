import { weekAge } from '../../ground/calendar/age.ts';
import type { Clock } from '../../ground/calendar/clock.ts';
import { CollectorError } from '../../contract/error.ts';
import type { Collection, CollectionDetail, CollectionWarning, Week } from '../../contract/resources.ts';
import { WEEK_STATES } from '../../contract/resources.ts';
import type { Store } from '../../data/store/store.ts';
import { ageingWarnings } from './ageing.ts';
import {
  selectCollections,
  selectWeeks,
  workspaceOf,
  type CollectionView,
  type ReadScope,
  type WeekView,
} from './statements/read-collections.ts';

/** The collections of a scope, newest first. */
export async function listCollections(store: Store, scope: ReadScope, clock: Clock = () => new Date()): Promise<Collection[]> {
  const [views, ageing] = await Promise.all([selectCollections(store.pool, scope), ageingWarnings(store.pool, clock, scope)]);
  return views.map((view) => toCollection(view, ageing.get(view.id)));
}

/** A collection with all its weeks, oldest first. What lies outside the scope does not exist. @throws CollectorError not_found */
export async function collectionDetail(store: Store, clock: Clock, scope: ReadScope, id: string): Promise<CollectionDetail> {
  const [view] = await selectCollections(store.pool, scope, id);
  if (!view) throw noCollection(id);
  const [weeks, ageing] = await Promise.all([selectWeeks(store.pool, id), ageingWarnings(store.pool, clock, scope, id)]);
  return { ...toCollection(view, ageing.get(id)), timeZone: view.timeZone, weekList: weeks.map((week) => toWeek(week, clock(), view)) };
}

/** One week of a collection. @throws CollectorError not_found */
export async function readWeek(store: Store, clock: Clock, scope: ReadScope, id: string, week: string): Promise<Week> {
  const [view] = await selectCollections(store.pool, scope, id);
  if (!view) throw noCollection(id);
  const [row] = await selectWeeks(store.pool, id, week);
  if (!row) throw noWeek(view, week);
  return toWeek(row, clock(), view);
}

/** A collection by its id alone, for code that made or checked it. @throws CollectorError not_found */
export async function readCollection(store: Store, id: string, clock: Clock = () => new Date()): Promise<Collection> {
  const workspaceId = await workspaceOf(store.pool, id);
  if (workspaceId === undefined) throw noCollection(id);
  const [[view], ageing] = await Promise.all([
    selectCollections(store.pool, { workspaceId }, id),
    ageingWarnings(store.pool, clock, { workspaceId }, id),
  ]);
  if (!view) throw noCollection(id);
  return toCollection(view, ageing.get(id));
}

export const noCollection = (id: string) =>
  new CollectorError(`There is no collection ${id} here; list the collections to see which exist.`, {
    code: 'not_found',
    kind: 'terminal',
    status: 404,
  });

export const noWeek = (collection: { name: string; firstWeek: string; lastWeek: string }, week: string) =>
  new CollectorError(
    `Collection '${collection.name}' has no week ${week}; it holds the Mondays from ${collection.firstWeek} to ${collection.lastWeek}.`,
    {
      code: 'not_found',
      kind: 'terminal',
      status: 404,
    },
  );

function toCollection(
  { timeZone: _zone, attribution: _attribution, window: _window, ...view }: CollectionView,
  ageing: CollectionWarning | undefined,
): Collection {
  const weeks = Object.fromEntries(WEEK_STATES.map((state) => [state, view.weeks[state] ?? 0])) as Collection['weeks'];
  const weeksTotal = Object.values(weeks).reduce((sum, count) => sum + count, 0);
  return {
    ...view,
    state: isComplete(view, weeks, weeksTotal) ? 'complete' : view.state,
    weeks,
    weeksTotal,
    rows: Number(view.rows),
    dataAsOf: view.dataAsOf?.toISOString() ?? null,
    createdAt: view.createdAt.toISOString(),
    warnings: ageing ? [ageing] : [],
  };
}

/** Nothing is left to do, so it does not matter whether it is paused; weeks that Amazon no longer has are skipped and count as dealt with. */
const isComplete = (view: Pick<CollectionView, 'state'>, weeks: Collection['weeks'], total: number): boolean =>
  (view.state === 'running' || view.state === 'paused') && total > 0 && weeks.done + weeks.skipped === total;

function toWeek(
  { errorCode, errorMessage, errorAt, ...view }: WeekView,
  now: Date,
  { timeZone, attribution, window }: Pick<CollectionView, 'timeZone' | 'attribution' | 'window'>,
): Week {
  return {
    ...view,
    age: weekAge(view.week, now, timeZone, attribution, window),
    dataVersion: Number(view.dataVersion),
    rows: Number(view.rows),
    restatements: Number(view.restatements),
    notBefore: view.notBefore?.toISOString() ?? null,
    collectedAt: view.collectedAt?.toISOString() ?? null,
    error: errorCode === null || errorAt === null ? null : { code: errorCode, message: errorMessage ?? '', at: errorAt.toISOString() },
    notes: view.notes.map(({ rule, message }) => ({ rule, message })),
  };
}
