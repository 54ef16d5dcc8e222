import { heldRunRoutes } from '../../contract/held-runs.ts';
import { acceptHeldRun } from '../../product/review/accept.ts';
import { heldRunDetail } from '../../product/review/detail.ts';
import { listHeldRuns } from '../../product/review/held-runs.ts';
import { keepHeldRun } from '../../product/review/keep.ts';
import { heldRows } from '../../product/review/rows.ts';
import { runHeldRunAgain } from '../../product/review/run-again.ts';
import { handlers } from './handlers.ts';

export const heldRunHandlers = handlers(heldRunRoutes, {
  heldRuns: (ctx, { query }) => listHeldRuns(ctx, query),
  heldRun: (ctx, { params }) => heldRunDetail(ctx, params),
  heldRows: (ctx, { params, query }) => heldRows(ctx, { ...params, ...query }),
  acceptHeldRun: (ctx, { params, body }) => acceptHeldRun(ctx, { ...params, ...body }),
  keepHeldRun: (ctx, { params, body }) => keepHeldRun(ctx, { ...params, ...body }),
  runAgainHeldRun: (ctx, { params, body }) => runHeldRunAgain(ctx, { ...params, ...body }),
});
