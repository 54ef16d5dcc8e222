import { z } from 'zod';
import {
  acceptHeldRunSchema,
  decideSchema,
  heldRowsQuerySchema,
  heldRowsSchema,
  heldRunDetailSchema,
  heldRunListSchema,
  heldRunsQuerySchema,
} from '../../contract/index.ts';
import { defineRoute, type Route } from './route.ts';

const runParams = z.strictObject({
  runId: z
    .string()
    .regex(/^\d{1,18}$/, 'must be a numeric id')
    .describe('Id of the held run'),
});

const list = defineRoute({
  name: 'heldRuns',
  summary: 'Held runs, newest first: results that contradict what is served and wait for a person, and those decided about',
  query: heldRunsQuerySchema,
  budget: 'read',
  status: 200,
  response: heldRunListSchema,
  handle: ({ query }, { deps, scope, signal }) => deps.reviews.list(scope, query, signal),
});

const detail = defineRoute({
  name: 'heldRun',
  summary: 'A held run: why it was held, and what accepting it would change',
  params: runParams,
  budget: 'read',
  status: 200,
  response: heldRunDetailSchema,
  handle: ({ params }, { deps, scope, signal }) => deps.reviews.detail(scope, params.runId, signal),
});

const rows = defineRoute({
  name: 'heldRows',
  summary: 'The rows in which a held result differs from what is served, a page at a time',
  description:
    'Rows that move the totals most come first. The first request compares the kept file with what is served; a large one takes seconds.',
  params: runParams,
  query: heldRowsQuerySchema,
  budget: 'read',
  status: 200,
  response: heldRowsSchema,
  handle: ({ params, query }, { deps, scope, signal }) => deps.reviews.rows(scope, params.runId, query, signal),
});

const accept = defineRoute({
  name: 'acceptHeldRun',
  summary: 'Takes a held result as it is; a worker merges it from the kept file',
  description:
    'What is served stays until the merge is done. While the collection is paused or stopped the merge waits; `waiting` says so.',
  params: runParams,
  body: acceptHeldRunSchema,
  budget: 'write',
  status: 202,
  response: heldRunDetailSchema,
  handle: ({ params, body }, { deps, scope, caller, signal }) => deps.reviews.accept(scope, caller.actor, params.runId, body, signal),
});

const keep = defineRoute({
  name: 'keepHeldRun',
  summary: 'Leaves served what is served and sets the held result aside',
  params: runParams,
  body: decideSchema,
  budget: 'write',
  status: 200,
  response: heldRunDetailSchema,
  handle: ({ params, body }, { deps, scope, caller, signal }) => deps.reviews.keep(scope, caller.actor, params.runId, body, signal),
});

const runAgain = defineRoute({
  name: 'runAgainHeldRun',
  summary: 'Sets the held result aside and collects the week again, ahead of everything else',
  params: runParams,
  body: decideSchema,
  budget: 'write',
  status: 202,
  response: heldRunDetailSchema,
  handle: ({ params, body }, { deps, scope, caller, signal }) => deps.reviews.runAgain(scope, caller.actor, params.runId, body, signal),
});

export const heldRunRoutes: readonly Route[] = [list, detail, rows, accept, keep, runAgain];
