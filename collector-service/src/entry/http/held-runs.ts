import { heldRunRoutes } from '../../contract/held-runs.ts';
import { accept } from '../../product/review/accept.ts';
import { heldRunDetail } from '../../product/review/detail.ts';
import { listHeldRuns } from '../../product/review/held-runs.ts';
import { keep } from '../../product/review/keep.ts';
import { heldRows } from '../../product/review/rows.ts';
import { runAgain } from '../../product/review/run-again.ts';
import { handlers } from './handlers.ts';

export const heldRunHandlers = handlers(heldRunRoutes, {
  heldRuns: (ctx, { query }) => listHeldRuns(ctx, ctx.scope, query, ctx.signal),
  heldRun: (ctx, { params }) => heldRunDetail(ctx, ctx.scope, params.runId, ctx.signal),
  heldRows: (ctx, { params, query }) => heldRows(ctx, ctx.scope, params.runId, query, ctx.signal),
  acceptHeldRun: (ctx, { params, body }) => accept(ctx, { scope: ctx.scope, person: ctx.actor }, params.runId, body, ctx.signal),
  keepHeldRun: (ctx, { params, body }) => keep(ctx, { scope: ctx.scope, person: ctx.actor }, params.runId, body, ctx.signal),
  runAgainHeldRun: (ctx, { params, body }) => runAgain(ctx, { scope: ctx.scope, person: ctx.actor }, params.runId, body, ctx.signal),
});
