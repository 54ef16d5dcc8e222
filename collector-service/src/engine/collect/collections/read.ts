import type { Collection, CollectionDetail } from '../../../contract/collections.ts';
import type { Week } from '../../../contract/weeks.ts';
import type { Context } from '../../../ground/context.ts';
import { ageingWarnings } from '../ageing.ts';
import { selectCollections, selectWeeks, type CollectionView } from '../statements/read-collections.ts';
import { noCollection, noWeek } from './missing.ts';
import { toCollection, toWeek } from './present.ts';

/** What reading takes of a context. */
export type ReadContext = Pick<Context, 'store' | 'clock' | 'scope'>;

/** The collections of the scope, newest first. */
export async function listCollections({ store, clock, scope }: ReadContext): Promise<Collection[]> {
  const [views, ageing] = await Promise.all([selectCollections(store.pool, scope), ageingWarnings(store.pool, clock, scope)]);
  return views.map((view) => toCollection(view, ageing.get(view.id)));
}

/** One collection. What lies outside the scope does not exist. @throws CollectorError not_found */
export async function readCollection(ctx: ReadContext, { id }: { id: string }): Promise<Collection> {
  const { store, clock, scope } = ctx;
  const [view, ageing] = await Promise.all([findView(ctx, id), ageingWarnings(store.pool, clock, scope, id)]);
  return toCollection(view, ageing.get(id));
}

/** A collection with all its weeks, oldest first. @throws CollectorError not_found */
export async function collectionDetail(ctx: ReadContext, { id }: { id: string }): Promise<CollectionDetail> {
  const { store, clock, scope } = ctx;
  const view = await findView(ctx, id);
  const [weeks, ageing] = await Promise.all([selectWeeks(store.pool, id), ageingWarnings(store.pool, clock, scope, id)]);
  return { ...toCollection(view, ageing.get(id)), timeZone: view.timeZone, weekList: weeks.map((week) => toWeek(week, clock(), view)) };
}

/** One week of a collection. @param input.week Monday (ISO date) @throws CollectorError not_found */
export async function readWeek(ctx: ReadContext, { id, week }: { id: string; week: string }): Promise<Week> {
  const view = await findView(ctx, id);
  const [row] = await selectWeeks(ctx.store.pool, id, week);
  if (!row) throw noWeek(view, week);
  return toWeek(row, ctx.clock(), view);
}

async function findView({ store, scope }: ReadContext, id: string): Promise<CollectionView> {
  const [view] = await selectCollections(store.pool, scope, id);
  if (!view) throw noCollection(id);
  return view;
}
