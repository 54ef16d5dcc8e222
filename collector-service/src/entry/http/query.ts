import { queryRequestSchema, queryResponseSchema } from '../../contract/index.ts';
import { defineRoute } from './route.ts';

export const queryRoute = defineRoute({
  name: 'query',
  summary: 'Answers a batch of metric queries',
  description: 'Each query is answered or fails on its own, under its refId. Frames are in the form that Grafana reads.',
  body: queryRequestSchema,
  budget: 'query',
  status: 200,
  response: queryResponseSchema,
  handle: ({ body }, { deps, caller, signal }) => deps.answers.query(caller, body, signal),
});
