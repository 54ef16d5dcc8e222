import { revisionRoutes } from '../../contract/revisions.ts';
import { listRevisions } from '../../product/review/revisions.ts';
import { handlers } from './handlers.ts';

export const revisionHandlers = handlers(revisionRoutes, {
  revisions: (ctx, { params, query }) => listRevisions(ctx, { ...params, ...query }),
});
