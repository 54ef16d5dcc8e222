import { collectionRoutes } from '../../contract/collections.ts';
import { cancel, pause, resume, retryWeek } from '../../engine/collect/control.ts';
import { createCollection } from '../../engine/collect/plan.ts';
import { collectionDetail, listCollections } from '../../engine/collect/read.ts';
import { handlers } from './handlers.ts';

export const collectionHandlers = handlers(collectionRoutes, {
  collections: async (ctx) => ({ collections: await listCollections(ctx.store, ctx.scope, ctx.clock) }),
  createCollection: (ctx, { body }) => createCollection(ctx, { ...ctx.scope, ...body, createdBy: ctx.actor }),
  collection: (ctx, { params }) => collectionDetail(ctx.store, ctx.clock, ctx.scope, params.id),
  pauseCollection: (ctx, { params }) => pause(ctx.store, { scope: ctx.scope, person: ctx.actor }, params.id),
  resumeCollection: (ctx, { params }) => resume(ctx.store, { scope: ctx.scope, person: ctx.actor }, params.id),
  cancelCollection: (ctx, { params }) => cancel(ctx.store, { scope: ctx.scope, person: ctx.actor }, params.id),
  retryWeek: (ctx, { params }) => retryWeek(ctx.store, ctx.clock, { scope: ctx.scope, person: ctx.actor }, params.id, params.week),
});
