import { collectionRoutes } from '../../contract/collections.ts';
import { cancelCollection } from '../../engine/collect/collections/cancel.ts';
import { confirmWeek } from '../../engine/collect/collections/confirm-week.ts';
import { collectableWindows } from '../../engine/collect/collections/collectable.ts';
import { pauseCollection } from '../../engine/collect/collections/pause.ts';
import { collectionDetail, listCollections } from '../../engine/collect/collections/read.ts';
import { resumeCollection } from '../../engine/collect/collections/resume.ts';
import { retryWeek } from '../../engine/collect/collections/retry-week.ts';
import { scheduleCollection } from '../../product/schedule/join.ts';
import { startCollection } from '../../product/schedule/start.ts';
import { handlers } from './handlers.ts';

export const collectionHandlers = handlers(collectionRoutes, {
  collections: async (ctx) => ({ collections: await listCollections(ctx) }),
  collectableWindows: (ctx, { query }) => collectableWindows(ctx, query),
  createCollection: (ctx, { body }) => startCollection(ctx, body),
  collection: (ctx, { params }) => collectionDetail(ctx, params),
  scheduleCollection: (ctx, { params, body }) => scheduleCollection(ctx, { ...params, schedule: body }),
  pauseCollection: (ctx, { params }) => pauseCollection(ctx, params),
  resumeCollection: (ctx, { params }) => resumeCollection(ctx, params),
  cancelCollection: (ctx, { params }) => cancelCollection(ctx, params),
  confirmWeek: (ctx, { params, body }) => confirmWeek(ctx, { ...params, ...body }),
  retryWeek: (ctx, { params }) => retryWeek(ctx, params),
});
