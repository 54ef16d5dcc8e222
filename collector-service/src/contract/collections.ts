import { z } from 'zod';
import { decisionReasonSchema } from './acceptance-rules.ts';
import { NAME_PATTERN } from './query.ts';
import type { Routes } from './route.ts';
import { id, instant, isoDate } from './scalars.ts';
import { SCHEDULE_TEMPLATE_NAMES } from './schedule-templates.ts';
import { WEEK_STATES, weekSchema } from './weeks.ts';
import { WINDOWS } from './window.ts';

/** Collections: a dataset of an instance, collected week by week. */
export const COLLECTION_STATES = ['running', 'paused', 'cancelled', 'stopped', 'complete', 'incomplete'] as const;

export const collectionWarningSchema = z
  .strictObject({
    code: z.enum(['weeks_ageing_out']),
    message: z.string().describe('What will happen and what to do'),
    weeks: z.array(isoDate).describe('Mondays it is about, the oldest first'),
  })
  .meta({ id: 'CollectionWarning' });

export const refusalSchema = z
  .strictObject({
    code: z.string().describe('Code of the error'),
    message: z.string(),
    since: instant.describe('When Amazon refused it first'),
    nextTryAt: instant,
  })
  .meta({ id: 'Refusal' });

export const collectionScheduleSchema = z
  .strictObject({
    id: id.nullable().describe('null, like the name, when it also covers instances that the caller does not see'),
    name: z.string().nullable(),
    state: z.enum(['active', 'paused']),
  })
  .meta({ id: 'CollectionSchedule' });

export const collectionSchema = z
  .strictObject({
    id,
    name: z.string(),
    instance: z.string().describe('AMC instance id'),
    instanceName: z.string(),
    dataset: z.string(),
    datasetTitle: z.string(),
    datasetVersion: z.int(),
    state: z
      .enum(COLLECTION_STATES)
      .describe(
        "'complete': every week is served, and nothing is left to do; 'incomplete': nothing is left to do, and weeks are not served",
      ),
    stopReason: z.string().nullable(),
    stoppedAt: instant.nullable(),
    refusal: refusalSchema
      .nullable()
      .describe('What Amazon refuses it and when that is asked again; null for a stopped one: only a person resumes it'),
    window: z.enum(WINDOWS).describe('What one execution covers; where this says weeks, it means these windows'),
    firstWeek: isoDate.describe('Monday under which the first window is kept'),
    lastWeek: isoDate,
    firstDay: isoDate.describe('First day of the first window, in the zone of the instance'),
    lastDay: isoDate.describe('Last day of the last window, included'),
    weeks: z.record(z.enum(WEEK_STATES), z.int()).describe('Number of weeks by state'),
    weeksTotal: z.int(),
    weeksOutOfReach: z.int().describe('Weeks that Amazon no longer had when their turn came, and that are not served'),
    weeksSetAside: z.int().describe('Weeks of which a person set the only result aside, so that they are not served'),
    weeksDoubtful: z.int().describe('Served weeks that differ much from their neighbours; each says why in its `doubt`'),
    rows: z.int(),
    dataAsOf: instant.nullable(),
    imported: z.boolean().describe('Made of imported files: Amazon cannot be asked for its weeks, so no schedule can hold it'),
    schedule: collectionScheduleSchema
      .nullable()
      .describe('What keeps it up to date; null: nothing does. Its changes are told as events of the kind schedule'),
    createdAt: instant,
    createdBy: z.string(),
    warnings: z.array(collectionWarningSchema).optional().describe('What needs a person before it is too late'),
  })
  .meta({ id: 'Collection' });

export const collectionListSchema = z.strictObject({ collections: z.array(collectionSchema) }).meta({ id: 'CollectionList' });

export const collectionDetailSchema = collectionSchema
  .extend({ weekList: z.array(weekSchema), timeZone: z.string() })
  .meta({ id: 'CollectionDetail' });

export const collectableWindowsQuerySchema = z.strictObject({
  instance: z.string().min(1).max(100).describe('AMC instance id'),
  dataset: z.string().regex(NAME_PATTERN),
});

export const collectableWindowsSchema = z
  .strictObject({
    window: z.enum(WINDOWS),
    timeZone: z.string().describe('Of the instance; its days are meant'),
    windows: z
      .array(z.strictObject({ week: isoDate.describe('Monday that names it'), firstDay: isoDate, lastDay: isoDate }))
      .describe('The newest first; each costs one execution'),
  })
  .meta({ id: 'CollectableWindows' });

export const chooseScheduleSchema = z
  .union([
    z.strictObject({ id: id.describe('A schedule that exists') }),
    z.strictObject({
      template: z.enum(SCHEDULE_TEMPLATE_NAMES).describe('Where a new schedule comes from'),
      name: z.string().trim().min(1).max(100).describe('Of the new schedule'),
    }),
  ])
  .meta({ id: 'ChooseSchedule' });

export const createCollectionSchema = z
  .strictObject({
    instance: z.string().min(1).describe('AMC instance id'),
    dataset: z.string().regex(NAME_PATTERN),
    weeks: z.int().min(1).max(56).default(52).describe('How many complete weeks, counted back from the newest'),
    firstWeek: isoDate.optional().describe('A Monday; instead of weeks'),
    lastWeek: isoDate.optional().describe('A Monday; the newest complete week when left out'),
    name: z.string().min(1).max(100).optional(),
    schedule: chooseScheduleSchema.optional().describe('What keeps it up to date; when left out, nothing does'),
  })
  .meta({ id: 'CreateCollection' });

export const confirmWeekSchema = z.strictObject({ reason: decisionReasonSchema }).meta({ id: 'ConfirmWeek' });

const params = z.strictObject({ id: id.describe('Collection id') });

export const collectionRoutes = {
  collections: {
    method: 'get',
    path: '/v1/collections',
    role: 'Viewer',
    budget: 'read',
    summary: 'The collections of the instances the caller may see',
    status: 200,
    response: collectionListSchema,
    errors: [],
  },
  collectableWindows: {
    method: 'get',
    path: '/v1/collectable-windows',
    role: 'Viewer',
    budget: 'read',
    summary: 'The weeks, months or other windows of a dataset that Amazon has complete for an instance now',
    query: collectableWindowsQuerySchema,
    status: 200,
    response: collectableWindowsSchema,
    errors: ['not_found', 'unknown_dataset', 'conflict'],
  },
  createCollection: {
    method: 'post',
    path: '/v1/collections',
    role: 'Editor',
    budget: 'write',
    summary: 'Starts collecting a dataset for an instance over a range of weeks, and has a schedule keep it up to date',
    body: createCollectionSchema,
    status: 201,
    response: collectionSchema,
    errors: ['not_found', 'unknown_dataset', 'conflict', 'week_out_of_range', 'clocks_disagree'],
  },
  collection: {
    method: 'get',
    path: '/v1/collections/{id}',
    role: 'Viewer',
    budget: 'read',
    summary: 'A collection with all its weeks',
    params,
    status: 200,
    response: collectionDetailSchema,
    errors: ['not_found'],
  },
  scheduleCollection: {
    method: 'post',
    path: '/v1/collections/{id}/schedule',
    role: 'Editor',
    budget: 'write',
    summary: 'Has a schedule keep the collection up to date, one that exists or a new one',
    params,
    body: chooseScheduleSchema,
    status: 200,
    response: collectionSchema,
    errors: ['not_found', 'conflict'],
  },
  pauseCollection: {
    method: 'post',
    path: '/v1/collections/{id}/pause',
    role: 'Editor',
    budget: 'write',
    summary: 'Stops planning new executions; those running at Amazon are still fetched',
    params,
    status: 200,
    response: collectionSchema,
    errors: ['not_found', 'conflict'],
  },
  resumeCollection: {
    method: 'post',
    path: '/v1/collections/{id}/resume',
    role: 'Editor',
    budget: 'write',
    summary: 'Goes on after a pause or a stop',
    params,
    status: 200,
    response: collectionSchema,
    errors: ['not_found', 'conflict'],
  },
  cancelCollection: {
    method: 'post',
    path: '/v1/collections/{id}/cancel',
    role: 'Editor',
    budget: 'write',
    summary: 'Ends the collection for good; its data stays',
    params,
    status: 200,
    response: collectionSchema,
    errors: ['not_found'],
  },
  confirmWeek: {
    method: 'post',
    path: '/v1/collections/{id}/weeks/{week}/confirm',
    role: 'Editor',
    budget: 'write',
    summary: 'Says that what is served of a doubtful week is right; it is not marked any more until a result changes it',
    params: params.extend({ week: isoDate.describe('Monday of the week') }),
    body: confirmWeekSchema,
    status: 200,
    response: weekSchema,
    errors: ['not_found', 'conflict'],
  },
  retryWeek: {
    method: 'post',
    path: '/v1/collections/{id}/weeks/{week}/retry',
    role: 'Editor',
    budget: 'write',
    summary: 'Collects a week again; what is served stays until the new run is accepted',
    params: params.extend({ week: isoDate.describe('Monday of the week') }),
    status: 202,
    response: weekSchema,
    errors: ['not_found', 'conflict'],
  },
} as const satisfies Routes;

export type CollectionWarning = z.output<typeof collectionWarningSchema>;
export type Collection = z.output<typeof collectionSchema>;
export type CollectionList = z.output<typeof collectionListSchema>;
export type CollectionDetail = z.output<typeof collectionDetailSchema>;
export type CollectionSchedule = z.output<typeof collectionScheduleSchema>;
export type CollectableWindows = z.output<typeof collectableWindowsSchema>;
export type ChooseSchedule = z.output<typeof chooseScheduleSchema>;
export type CreateCollection = z.output<typeof createCollectionSchema>;
export type CreateCollectionInput = z.input<typeof createCollectionSchema>;
