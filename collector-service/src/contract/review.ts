import { z } from 'zod';
import { NAME_PATTERN } from './query.ts';

/**
 * Held runs (new data that waits for a person), the rules that spare a person the work, and revisions (what was accepted).
 * Sums and values are exact decimals as text, money in currency units; shares are fractions: 0.05 is 5 %. Ids are decimal strings.
 */
const isoDate = z.iso.date();
const instant = z.iso.datetime();
const id = z.string().regex(/^\d{1,18}$/, 'must be a numeric id');
const decimal = z.string().regex(/^-?\d+(\.\d+)?$/);
const cursor = z.string().regex(/^\d{1,17}-\d{1,18}$/, 'must be a nextCursor of this list');
const limit = z.coerce.number().int().min(1);

export const HELD_DECISIONS = ['accepted', 'kept', 'run_again', 'superseded'] as const;
export const ROW_KINDS = ['added', 'changed', 'vanished'] as const;

export const totalChangeSchema = z
  .strictObject({
    metric: z.string().describe('An additive metric of the catalogue'),
    currency: z.string().nullable().describe('null for counts, and for money in datasets without a currency'),
    before: decimal.nullable().describe('null when nothing was served, or nothing in this currency'),
    after: decimal.nullable().describe('null when the new rows hold nothing in this currency'),
    change: z.number().nullable().describe('(after - before) / |before|; null when there is nothing to compare with'),
  })
  .meta({ id: 'TotalChange' });

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
  limit: limit.max(200).default(50),
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

export const heldRowsQuerySchema = z.strictObject({
  kind: z.enum(ROW_KINDS),
  cursor: z.coerce.number().int().min(0).max(2_147_483_647).optional().describe('nextCursor of the page before'),
  limit: limit.max(1000).default(100),
});

export const heldRowsSchema = z
  .strictObject({
    runId: id,
    kind: z.enum(ROW_KINDS),
    servedVersion: z.int().describe('Data version that the rows are compared with'),
    total: z.int().describe('Rows of this kind'),
    listed: z.int().describe('Rows that can be paged through: those that move the totals most, when there are very many'),
    rows: z.array(
      z.strictObject({
        row: z.int().describe('From 1; the rows that move the totals most come first'),
        keys: z.record(z.string(), z.string().nullable()).describe('What names the row; null: hidden by Amazon, or empty'),
        numbers: z
          .array(z.strictObject({ column: z.string(), before: z.string().nullable(), after: z.string().nullable() }))
          .describe('Columns that differ, with the value that is served and that of the held result'),
      }),
    ),
    nextCursor: z.int().nullable(),
  })
  .meta({ id: 'HeldRows' });

const reason = z.string().trim().min(1, 'say why, for the record').max(1000);

export const decideSchema = z.strictObject({ reason }).meta({ id: 'DecideHeldRun' });

const maxMove = z.number().gt(0).max(1).describe('Largest move of a total that is accepted without a person, as a fraction');

export const acceptHeldRunSchema = z
  .strictObject({
    reason,
    servedVersion: z
      .int()
      .min(0)
      .optional()
      .describe('servedVersion of the difference that was looked at; needed once another version is served than when the run was held'),
    remember: z
      .strictObject({ maxMove, allInstances: z.boolean().default(false).describe('For the whole workspace instead of this instance') })
      .optional()
      .describe('Also makes this an acceptance rule'),
  })
  .meta({ id: 'AcceptHeldRun' });

export const acceptanceRuleSchema = z
  .strictObject({
    id,
    dataset: z.string(),
    instance: z.string().nullable().describe('AMC instance id; null: every instance of the workspace'),
    maxMove: z.number(),
    reason: z.string(),
    createdBy: z.string(),
    createdAt: instant,
  })
  .meta({ id: 'AcceptanceRule' });

export const acceptanceRuleListSchema = z.strictObject({ rules: z.array(acceptanceRuleSchema) }).meta({ id: 'AcceptanceRuleList' });

export const setAcceptanceRuleSchema = z
  .strictObject({
    dataset: z.string().regex(NAME_PATTERN),
    instance: z.string().min(1).max(100).optional().describe('AMC instance id; every instance of the workspace when left out'),
    maxMove,
    reason,
  })
  .meta({ id: 'SetAcceptanceRule' });

export const revisionsQuerySchema = z.strictObject({
  week: isoDate.optional().describe('Monday; all weeks when left out'),
  cursor: cursor.optional().describe('nextCursor of the page before'),
  limit: limit.max(200).default(50),
});

export const revisionSchema = z
  .strictObject({
    week: isoDate.describe('Monday'),
    version: z.int().describe('Data version that it made'),
    acceptedAt: instant,
    runId: id,
    first: z.boolean().describe('The first result of the week: everything is new'),
    rowsAdded: z.int(),
    rowsChanged: z.int(),
    rowsVanished: z.int(),
    totals: z.array(totalChangeSchema),
  })
  .meta({ id: 'Revision' });

export const revisionListSchema = z
  .strictObject({ revisions: z.array(revisionSchema), nextCursor: z.string().nullable() })
  .meta({ id: 'RevisionList' });

export type TotalChange = z.output<typeof totalChangeSchema>;
export type HeldRun = z.output<typeof heldRunSchema>;
export type HeldRunList = z.output<typeof heldRunListSchema>;
export type HeldRunsQuery = z.output<typeof heldRunsQuerySchema>;
export type HeldRunDetail = z.output<typeof heldRunDetailSchema>;
export type HeldRowsQuery = z.output<typeof heldRowsQuerySchema>;
export type HeldRows = z.output<typeof heldRowsSchema>;
export type RowKind = (typeof ROW_KINDS)[number];
export type DecideHeldRun = z.output<typeof decideSchema>;
export type AcceptHeldRun = z.output<typeof acceptHeldRunSchema>;
export type AcceptanceRule = z.output<typeof acceptanceRuleSchema>;
export type SetAcceptanceRule = z.output<typeof setAcceptanceRuleSchema>;
export type Revision = z.output<typeof revisionSchema>;
export type RevisionList = z.output<typeof revisionListSchema>;
export type RevisionsQuery = z.output<typeof revisionsQuerySchema>;
