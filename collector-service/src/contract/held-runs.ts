import { z } from 'zod';
import { decisionReasonSchema, maxMoveSchema } from './acceptance-rules.ts';
import { heldRowsQuerySchema, heldRowsSchema } from './held-rows.ts';
import type { Routes } from './route.ts';
import { cursor, id, instant, isoDate, wholeNumber } from './scalars.ts';
import { totalChangeSchema } from './total-change.ts';

/** Held runs: new data that contradicts what is served and waits for a person. */
export const HELD_DECISIONS = ['accepted', 'kept', 'run_again', 'superseded'] as const;

export const objectionSchema = z
  .strictObject({
    rule: z.string().describe('Which quality rule objected'),
    message: z.string(),
    details: z.record(z.string(), z.unknown()).optional(),
  })
  .meta({ id: 'Objection' });

export const heldDecisionSchema = z
  .strictObject({
    decision: z.enum(HELD_DECISIONS).describe("'superseded': a later run of the week was accepted, or decided about, first"),
    by: z.string().nullable(),
    at: instant,
    reason: z.string().nullable(),
  })
  .meta({ id: 'HeldDecision' });

export const heldRunSchema = z
  .strictObject({
    runId: id,
    collectionId: id,
    collection: z.string(),
    instance: z.string().describe('AMC instance id'),
    instanceName: z.string(),
    dataset: z.string(),
    datasetVersion: z.int(),
    week: isoDate.describe('Monday'),
    heldAt: instant,
    objections: z.array(objectionSchema),
    acceptable: z.boolean().describe('Whether a person may take the result as it is: not when it could not be read as rows'),
    decision: heldDecisionSchema.nullable(),
  })
  .meta({ id: 'HeldRun' });

export const heldRunListSchema = z
  .strictObject({ heldRuns: z.array(heldRunSchema), nextCursor: z.string().nullable() })
  .meta({ id: 'HeldRunList' });

export const heldRunsQuerySchema = z.strictObject({
  collection: id.optional().describe('Only of this collection'),
  decided: z.enum(['true', 'false']).optional().describe("'false': what waits for a person; both when left out"),
  cursor: cursor.optional().describe('nextCursor of the page before'),
  limit: wholeNumber.min(1).max(200).default(50),
});

const changeFields = {
  rowsBefore: z.int(),
  rowsAfter: z.int(),
  rowsAdded: z.int(),
  rowsChanged: z.int(),
  rowsVanished: z.int(),
  totals: z.array(totalChangeSchema),
  largestMove: z.number().nullable().describe('The largest |change| of a total; what a rule would have to allow at least'),
};

export const heldRunDetailSchema = heldRunSchema
  .extend({
    servedVersion: z.int().describe('Data version that the difference is against; send it with an acceptance. 0: nothing is served'),
    stale: z.boolean().describe('Another version was served when the run was held; the difference is against the present one all the same'),
    difference: z.strictObject(changeFields).nullable().describe('null when the result could not be read as rows'),
    waiting: z.string().nullable().describe('Why an accepted result is not served yet'),
  })
  .meta({ id: 'HeldRunDetail' });

export const decideSchema = z.strictObject({ reason: decisionReasonSchema }).meta({ id: 'DecideHeldRun' });

export const acceptHeldRunSchema = z
  .strictObject({
    reason: decisionReasonSchema,
    servedVersion: z
      .int()
      .min(0)
      .optional()
      .describe('servedVersion of the difference that was looked at; needed once another version is served than when the run was held'),
    remember: z
      .strictObject({
        maxMove: maxMoveSchema,
        allInstances: z.boolean().default(false).describe('For the whole workspace instead of this instance'),
      })
      .optional()
      .describe('Also makes this an acceptance rule'),
  })
  .meta({ id: 'AcceptHeldRun' });

const params = z.strictObject({ runId: id.describe('Id of the held run') });

export const heldRunRoutes = {
  heldRuns: {
    method: 'get',
    path: '/v1/held-runs',
    role: 'Viewer',
    budget: 'read',
    summary: 'Held runs, newest first: results that contradict what is served and wait for a person, and those decided about',
    query: heldRunsQuerySchema,
    status: 200,
    response: heldRunListSchema,
    errors: [],
  },
  heldRun: {
    method: 'get',
    path: '/v1/held-runs/{runId}',
    role: 'Viewer',
    budget: 'read',
    summary: 'A held run: why it was held, and what accepting it would change',
    params,
    status: 200,
    response: heldRunDetailSchema,
    errors: ['not_found', 'conflict'],
  },
  heldRows: {
    method: 'get',
    path: '/v1/held-runs/{runId}/rows',
    role: 'Viewer',
    budget: 'read',
    summary: 'The rows in which a held result differs from what is served, a page at a time',
    description:
      'Rows that move the totals most come first. The first request compares the kept file with what is served; a large one takes seconds.',
    params,
    query: heldRowsQuerySchema,
    status: 200,
    response: heldRowsSchema,
    errors: ['not_found', 'conflict'],
  },
  acceptHeldRun: {
    method: 'post',
    path: '/v1/held-runs/{runId}/accept',
    role: 'Editor',
    budget: 'write',
    summary: 'Takes a held result as it is; a worker merges it from the kept file',
    description:
      'What is served stays until the merge is done. While the collection is paused or stopped the merge waits; `waiting` says so.',
    params,
    body: acceptHeldRunSchema,
    status: 202,
    response: heldRunDetailSchema,
    errors: ['not_found', 'conflict'],
  },
  keepHeldRun: {
    method: 'post',
    path: '/v1/held-runs/{runId}/keep',
    role: 'Editor',
    budget: 'write',
    summary: 'Leaves served what is served and sets the held result aside',
    params,
    body: decideSchema,
    status: 200,
    response: heldRunDetailSchema,
    errors: ['not_found', 'conflict'],
  },
  runAgainHeldRun: {
    method: 'post',
    path: '/v1/held-runs/{runId}/run-again',
    role: 'Editor',
    budget: 'write',
    summary: 'Sets the held result aside and collects the week again, ahead of everything else',
    params,
    body: decideSchema,
    status: 202,
    response: heldRunDetailSchema,
    errors: ['not_found', 'conflict'],
  },
} as const satisfies Routes;

export type HeldRun = z.output<typeof heldRunSchema>;
export type HeldRunList = z.output<typeof heldRunListSchema>;
export type HeldRunsQuery = z.output<typeof heldRunsQuerySchema>;
export type HeldRunDetail = z.output<typeof heldRunDetailSchema>;
export type DecideHeldRun = z.output<typeof decideSchema>;
export type AcceptHeldRun = z.output<typeof acceptHeldRunSchema>;
