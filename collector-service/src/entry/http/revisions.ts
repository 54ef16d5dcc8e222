import { z } from 'zod';
import { revisionListSchema, revisionsQuerySchema } from '../../contract/index.ts';
import { defineRoute } from './route.ts';

export const revisionsRoute = defineRoute({
  name: 'revisions',
  summary: 'How the weeks of a collection grew: every accepted result that changed one, newest first',
  params: z.strictObject({
    id: z
      .string()
      .regex(/^\d{1,18}$/, 'must be a numeric id')
      .describe('Collection id'),
  }),
  query: revisionsQuerySchema,
  budget: 'read',
  status: 200,
  response: revisionListSchema,
  handle: ({ params, query }, { deps, scope, signal }) => deps.reviews.revisions(scope, params.id, query, signal),
});
