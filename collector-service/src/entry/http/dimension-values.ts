import { dimensionValueRoutes } from '../../contract/dimension-values.ts';
import { dimensionValues } from '../../engine/query/dimension-values.ts';
import { handlers } from './handlers.ts';

export const dimensionValueHandlers = handlers(dimensionValueRoutes, {
  dimensionValues: (ctx, { params, query }) => dimensionValues(ctx, ctx.caller, { ...query, ...params }, ctx.signal),
});
