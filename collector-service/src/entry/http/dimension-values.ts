import { dimensionValueRoutes } from '../../contract/dimension-values.ts';
import { dimensionValues } from '../../engine/query/index.ts';
import { handlers } from './handlers.ts';

export const dimensionValueHandlers = handlers(dimensionValueRoutes, {
  dimensionValues: (ctx, { params, query }) => dimensionValues(ctx, { ...query, ...params }),
});
