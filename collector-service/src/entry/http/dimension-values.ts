import { z } from 'zod';
import { dimensionValuesQuerySchema, dimensionValuesSchema, NAME_PATTERN } from '../../contract/index.ts';
import { defineRoute } from './route.ts';

export const dimensionValuesRoute = defineRoute({
  name: 'dimensionValues',
  summary: 'Values of a dimension, for variables and filters',
  params: z.strictObject({ dimension: z.string().regex(NAME_PATTERN).describe("A dimension of the catalogue, 'currency' or 'instance'") }),
  query: dimensionValuesQuerySchema,
  budget: 'query',
  status: 200,
  response: dimensionValuesSchema,
  handle: ({ params, query }, { deps, caller, signal }) => deps.answers.dimensionValues(caller, { ...query, ...params }, signal),
});
