import { z } from 'zod';
import { filterSchema, NAME_PATTERN } from './query.ts';
import { WINDOWS } from './window.ts';

/** The HTTP API's resources other than queries. Dates are ISO days, instants ISO 8601 UTC, ids decimal strings. */
const isoDate = z.iso.date();
const instant = z.iso.datetime();
const id = z.string().regex(/^\d{1,18}$/, 'must be a numeric id');

export const COLLECTION_STATES = ['running', 'paused', 'cancelled', 'stopped', 'complete'] as const;
/** What a person sees of a week: whether it is served, and what its newest run does. */
export const WEEK_STATES = ['planned', 'creating', 'running', 'downloading', 'merging', 'done', 'held', 'failed', 'skipped'] as const;
export const WEEK_AGES = ['incomplete', 'provisional', 'settling', 'final'] as const;

export const problemSchema = z
  .object({
    type: z.string().describe('urn:amc-reports:<code>'),
    title: z.string(),
    status: z.int(),
    detail: z.string().describe('What to do'),
    code: z.string(),
    errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
    suggestions: z.array(z.string()).optional().describe('Nearest known names'),
  })
  .meta({ id: 'Problem' });

export const weekErrorSchema = z.strictObject({ code: z.string(), message: z.string(), at: instant });

export const weekNoteSchema = z.strictObject({
  rule: z.string().describe('The quality rule that has something to say'),
  message: z.string(),
});

export const weekSchema = z
  .strictObject({
    week: isoDate.describe('Monday'),
    state: z.enum(WEEK_STATES),
    served: z.boolean().describe('Has data that answers use, whatever its newest run does'),
    age: z.enum(WEEK_AGES),
    dataVersion: z.int(),
    rows: z.int(),
    attempt: z.int(),
    runId: id.nullable(),
    executionId: z.string().nullable(),
    executionStatus: z.string().nullable().optional().describe("Amazon's own word for the execution, also one that we do not know"),
    notBefore: instant.nullable().describe('Waiting until then'),
    collectedAt: instant.nullable(),
    restatements: z.int().describe('Accepted runs that changed the week after its first'),
    error: weekErrorSchema.nullable(),
    notes: z
      .array(weekNoteSchema)
      .describe('What to know of the newest accepted result: unknown columns, odd values, objections that were waived'),
  })
  .meta({ id: 'Week' });

export const collectionWarningSchema = z
  .strictObject({
    code: z.enum(['weeks_ageing_out']),
    message: z.string().describe('What will happen and what to do'),
    weeks: z.array(isoDate).describe('Mondays it is about, the oldest first'),
  })
  .meta({ id: 'CollectionWarning' });

export const collectionSchema = z
  .strictObject({
    id,
    name: z.string(),
    instance: z.string().describe('AMC instance id'),
    instanceName: z.string(),
    dataset: z.string(),
    datasetTitle: z.string(),
    datasetVersion: z.int(),
    state: z.enum(COLLECTION_STATES),
    stopReason: z.string().nullable(),
    firstWeek: isoDate,
    lastWeek: isoDate,
    weeks: z.record(z.enum(WEEK_STATES), z.int()).describe('Number of weeks by state'),
    weeksTotal: z.int(),
    rows: z.int(),
    dataAsOf: instant.nullable(),
    createdAt: instant,
    createdBy: z.string(),
    warnings: z.array(collectionWarningSchema).optional().describe('What needs a person before it is too late'),
  })
  .meta({ id: 'Collection' });

export const collectionListSchema = z.strictObject({ collections: z.array(collectionSchema) }).meta({ id: 'CollectionList' });

export const collectionDetailSchema = collectionSchema
  .extend({ weekList: z.array(weekSchema), timeZone: z.string() })
  .meta({ id: 'CollectionDetail' });

export const createCollectionSchema = z
  .strictObject({
    instance: z.string().min(1).describe('AMC instance id'),
    dataset: z.string().regex(NAME_PATTERN),
    weeks: z.int().min(1).max(56).default(52).describe('How many complete weeks, counted back from the newest'),
    firstWeek: isoDate.optional().describe('A Monday; instead of weeks'),
    lastWeek: isoDate.optional().describe('A Monday; the newest complete week when left out'),
    name: z.string().min(1).max(100).optional(),
  })
  .meta({ id: 'CreateCollection' });

export const instanceSchema = z
  .strictObject({
    instance: z.string(),
    name: z.string(),
    connection: z.string(),
    marketplaceId: z.string(),
    timeZone: z.string(),
    advertiserTypes: z.array(z.string()),
    currencies: z.array(z.string()),
  })
  .meta({ id: 'Instance' });

export const catalogueSchema = z
  .strictObject({
    datasets: z.array(
      z.strictObject({
        name: z.string(),
        version: z.int(),
        title: z.string(),
        description: z.string(),
        window: z.enum(WINDOWS).optional().describe('What one execution covers; a week when left out'),
        windowOf: z.string().optional().describe('The dataset that asks the same over another window'),
        grains: z.array(z.enum(['total', 'day', 'week', 'month'])),
        dimensions: z.array(
          z.strictObject({
            name: z.string(),
            title: z.string(),
            description: z.string(),
            labels: z.record(z.string(), z.string()).optional(),
          }),
        ),
        metrics: z.array(
          z.strictObject({
            name: z.string(),
            title: z.string(),
            description: z.string(),
            kind: z.enum(['additive', 'ratio', 'distinct']),
            unit: z.enum(['currency', 'count', 'percent', 'ratio']),
            better: z.enum(['up', 'down', 'neutral']),
            formula: z.string().nullable().describe('Readable, for ratios'),
          }),
        ),
        levels: z.array(z.array(z.string())).optional().describe('For distinct counts: the sets of dimensions that can be asked for'),
      }),
    ),
    instances: z.array(instanceSchema),
  })
  .meta({ id: 'Catalogue' });

const parseJson = (text: string, context: z.RefinementCtx): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    context.issues.push({ code: 'custom', message: 'must be JSON', input: text });
    return z.NEVER;
  }
};

export const dimensionValuesQuerySchema = z
  .strictObject({
    dataset: z
      .string()
      .regex(NAME_PATTERN)
      .optional()
      .describe('Where the dimension is; the first dataset that has it, and data, when left out'),
    search: z.string().max(200).optional().describe('Only values or labels that contain this, in any case'),
    filters: z
      .string()
      .max(8_000)
      .transform(parseJson)
      .pipe(z.array(filterSchema).max(20))
      .optional()
      .describe('What other variables chose: a list of Filter as JSON'),
    from: z.coerce.number().int().optional().describe('Only values of weeks that start in [from, to), ms since 1970 UTC'),
    to: z.coerce.number().int().optional(),
    limit: z.coerce.number().int().min(1).max(1000).default(200),
  })
  .meta({ id: 'DimensionValuesQuery' });

export const dimensionValuesSchema = z
  .strictObject({
    values: z.array(z.strictObject({ value: z.string(), label: z.string() })),
    truncated: z.boolean(),
  })
  .meta({ id: 'DimensionValues' });

export const HOPS = ['collector', 'database', 'amc', 'datasets', 'collections'] as const;
export const healthSchema = z
  .strictObject({
    status: z.enum(['ok', 'degraded', 'failed']),
    version: z.string(),
    hops: z.array(
      z.strictObject({
        hop: z.enum(HOPS),
        status: z.enum(['ok', 'degraded', 'failed', 'unknown']),
        message: z.string(),
        remedy: z.string().nullable(),
      }),
    ),
    caller: z
      .strictObject({ workspace: z.string(), role: z.enum(['Viewer', 'Editor', 'Admin']), person: z.string().nullable() })
      .nullable(),
  })
  .meta({ id: 'Health' });

/** Data of a server-sent event named `week` or `collection`. `id:` rises; Last-Event-ID replays what was missed. */
export const collectionEventSchema = z
  .discriminatedUnion('type', [
    z.strictObject({ type: z.literal('week'), collectionId: id, week: weekSchema }),
    z.strictObject({ type: z.literal('collection'), collection: collectionSchema }),
  ])
  .meta({ id: 'CollectionEvent' });

export type Problem = z.output<typeof problemSchema>;
export type Week = z.output<typeof weekSchema>;
export type WeekState = Week['state'];
export type WeekAge = Week['age'];
export type CollectionWarning = z.output<typeof collectionWarningSchema>;
export type Collection = z.output<typeof collectionSchema>;
export type CollectionDetail = z.output<typeof collectionDetailSchema>;
export type CreateCollection = z.output<typeof createCollectionSchema>;
export type CreateCollectionInput = z.input<typeof createCollectionSchema>;
export type Instance = z.output<typeof instanceSchema>;
export type Catalogue = z.output<typeof catalogueSchema>;
export type CollectionList = z.output<typeof collectionListSchema>;
export type DimensionValuesQuery = z.output<typeof dimensionValuesQuerySchema>;
export type DimensionValues = z.output<typeof dimensionValuesSchema>;
export type Health = z.output<typeof healthSchema>;
export type CollectionEvent = z.output<typeof collectionEventSchema>;
