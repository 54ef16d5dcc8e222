import type { QueryResponse } from '../../contract/frame.ts';
import { queryRoutes } from '../../contract/query.ts';
import { ask, responseOf } from '../../engine/query/index.ts';
import { handlers } from './handlers.ts';
import type { HttpMetrics } from './metrics/http-metrics.ts';

export const queryHandlers = handlers(queryRoutes, {
  query: (ctx, { body }) => measured(ctx.metrics, async () => responseOf(await ask(ctx, body))),
});

/** A batch in which any query failed counts as failed. */
async function measured(metrics: HttpMetrics, batch: () => Promise<QueryResponse>): Promise<QueryResponse> {
  const startedAt = performance.now();
  let outcome: 'ok' | 'failed' = 'failed';
  try {
    const response = await batch();
    if (Object.values(response.results).every((result) => result.error === undefined)) outcome = 'ok';
    return response;
  } finally {
    metrics.observeQuery(outcome, (performance.now() - startedAt) / 1000);
  }
}
