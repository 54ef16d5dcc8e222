import { z } from 'zod';
import { decisionReasonSchema } from './acceptance-rules.ts';
import { NAME_PATTERN } from './query.ts';
import type { Routes } from './route.ts';
import { id, instant, isoDate } from './scalars.ts';
import { WINDOWS } from './window.ts';

/** Held runs as a person is asked about them: runs of a collection held in a row for the same reason are one question. */
const conditions = {
  collection: id.optional().describe('Only of this collection'),
  instance: z.string().min(1).max(100).optional().describe('AMC instance id'),
  dataset: z.string().regex(NAME_PATTERN).optional(),
  rule: z.string().regex(NAME_PATTERN).optional().describe('Held for this quality rule and no other'),
  from: isoDate.optional().describe('First week, its Monday'),
  to: isoDate.optional().describe('Last week, its Monday'),
};

export const heldQuestionsQuerySchema = z.strictObject(conditions);

/** Without a condition a decision would be about everything that is held, which is never meant by leaving something out. */
export const heldWhereSchema = z
  .strictObject({ ...conditions, empty: z.boolean().optional().describe('true: results without a row; false: those with rows') })
  .refine((where) => Object.values(where).some((value) => value !== undefined), { message: 'name at least one condition' })
  .meta({ id: 'HeldWhere' });

export const heldQuestionSchema = z
  .strictObject({
    collectionId: id,
    collection: z.string(),
    instance: z.string().describe('AMC instance id'),
    instanceName: z.string(),
    dataset: z.string(),
    datasetVersion: z.int(),
    rules: z.array(z.string()).describe('Every quality rule that objected, the same for all of the runs'),
    message: z.string().describe('What the newest run is held for'),
    empty: z.boolean().describe('The results have no rows'),
    acceptable: z.boolean().describe('Whether a person may take the results as they are'),
    window: z.enum(WINDOWS).describe('What each run covers'),
    firstWeek: isoDate.describe('Monday under which the first window is kept'),
    lastWeek: isoDate,
    firstDay: isoDate,
    lastDay: isoDate.describe('Included'),
    heldAt: instant.describe('Of the newest run'),
    runIds: z.array(id).min(1).describe('A run for each week, the oldest week first'),
  })
  .meta({ id: 'HeldQuestion' });

export const heldQuestionListSchema = z
  .strictObject({ questions: z.array(heldQuestionSchema), truncated: z.boolean().describe('More runs are held than were read') })
  .meta({ id: 'HeldQuestionList' });

/** Decided about in one request; the rest with further ones. */
export const MOST_DECIDED = 200;

export const decideHeldRunsSchema = z
  .strictObject({
    decision: z.enum(['accept', 'keep', 'run_again']),
    reason: decisionReasonSchema,
    runs: z.array(id).min(1).max(MOST_DECIDED).optional().describe('These held runs'),
    where: heldWhereSchema.optional().describe(`Instead: undecided ones that meet every condition, at most ${MOST_DECIDED}`),
    dryRun: z.boolean().default(false).describe('Only tells which runs it would be about'),
  })
  .refine(({ runs, where }) => (runs === undefined) !== (where === undefined), { message: 'name either runs or where' })
  .meta({ id: 'DecideHeldRuns' });

const decidedRun = z.strictObject({ runId: id, collectionId: id, instance: z.string(), week: isoDate });

export const heldDecisionsSchema = z
  .strictObject({
    decided: z.array(decidedRun).describe('Of a dry run: those it would be about'),
    refused: z
      .array(z.strictObject({ runId: id, code: z.string(), message: z.string() }))
      .describe('Left as they were, each with the reason'),
    left: z.int().describe('Undecided runs that meet the conditions and were not reached by this request'),
  })
  .meta({ id: 'HeldDecisions' });

export const heldQuestionRoutes = {
  heldQuestions: {
    method: 'get',
    path: '/v1/held-questions',
    role: 'Viewer',
    budget: 'read',
    summary: 'What waits for a person: runs held in a row for the same reason are one question, newest first',
    query: heldQuestionsQuerySchema,
    status: 200,
    response: heldQuestionListSchema,
    errors: [],
  },
  decideHeldRuns: {
    method: 'post',
    path: '/v1/held-runs/decide',
    role: 'Editor',
    budget: 'write',
    summary: 'Decides about many held runs at once: accepts them, keeps what is served, or runs their weeks again',
    description:
      'Each run is decided about for itself, in a transaction and with a record of its own: one that cannot be is listed in `refused` and the others are decided all the same. `run_again` buys an execution for each. Acceptance is of what the run was held with: a run of whose week another version is served meanwhile is refused.',
    body: decideHeldRunsSchema,
    status: 200,
    response: heldDecisionsSchema,
    errors: [],
  },
} as const satisfies Routes;

export type HeldQuestion = z.output<typeof heldQuestionSchema>;
export type HeldQuestionList = z.output<typeof heldQuestionListSchema>;
export type HeldQuestionsQuery = z.output<typeof heldQuestionsQuerySchema>;
export type HeldWhere = z.output<typeof heldWhereSchema>;
export type DecideHeldRuns = z.output<typeof decideHeldRunsSchema>;
export type DecideHeldRunsInput = z.input<typeof decideHeldRunsSchema>;
export type HeldDecisions = z.output<typeof heldDecisionsSchema>;
