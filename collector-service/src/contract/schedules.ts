import { z } from 'zod';
import { NAME_PATTERN } from './query.ts';
import { COLLECTION_STATES, WEEK_STATES } from './resources.ts';

/** Schedules of the HTTP API. Instants are ISO 8601 UTC, weeks are Mondays (ISO dates), ids decimal strings. */
const isoDate = z.iso.date();
const instant = z.iso.datetime();
const id = z.string().regex(/^\d{1,18}$/, 'must be a numeric id');

export const SCHEDULE_STATES = ['active', 'paused'] as const;
export const SCHEDULE_TEMPLATE_NAMES = ['weekly', 'weekly_deep', 'daily'] as const;
export const TICK_KINDS = ['scheduled', 'caught_up', 'manual'] as const;
/** Why a week that was wanted is not collected again. */
export const SKIP_REASONS = ['in_flight', 'parked', 'held', 'too_old'] as const;

const weeks = z.int().min(0).max(56);
const name = z.string().trim().min(1).max(100);
const cron = z.string().max(200).describe('Five fields: minute hour day-of-month month day-of-week; at most once an hour');
const timeZone = z.string().max(100).describe('IANA name');
const restateWeeks = weeks
  .nullable()
  .describe('How many weeks before the newest are collected again; null: what the dataset’s attribution asks for (6, 5 or 4)');
const deepRestateWeeks = weeks.nullable().describe('The same at the first tick of a month; null: no difference');
const staggerSeconds = z.int().min(0).max(86_400).describe('Between the starts of two collections of a tick');
const collections = z.array(id).min(1).max(5000).describe('Collection ids; a collection belongs to one schedule at most');

export const scheduleTemplateSchema = z
  .strictObject({
    template: z.enum(SCHEDULE_TEMPLATE_NAMES),
    title: z.string(),
    description: z.string(),
    cron: z.string(),
    restateWeeks,
    deepRestateWeeks,
    staggerSeconds,
  })
  .meta({ id: 'ScheduleTemplate' });

export const scheduleTemplateListSchema = z
  .strictObject({ templates: z.array(scheduleTemplateSchema) })
  .meta({ id: 'ScheduleTemplateList' });

export const createScheduleSchema = z
  .strictObject({
    name,
    template: z.enum(SCHEDULE_TEMPLATE_NAMES).optional().describe('Where what is left out comes from'),
    cron: cron.optional().describe('Needed without a template'),
    timeZone: timeZone.optional().describe('IANA name; when left out, the zone of its instances in which a week ends last'),
    restateWeeks: restateWeeks.optional(),
    deepRestateWeeks: deepRestateWeeks.optional(),
    staggerSeconds: staggerSeconds.optional(),
    collections: collections.optional(),
    dataset: z
      .string()
      .regex(NAME_PATTERN)
      .optional()
      .describe('Instead of collections: the newest collection of this dataset of every instance the caller may see'),
  })
  .refine((input) => input.template !== undefined || input.cron !== undefined, { path: ['cron'], message: 'is needed without a template' })
  .refine((input) => (input.collections === undefined) !== (input.dataset === undefined), {
    path: ['collections'],
    message: 'must be given, or dataset, and not both',
  })
  .meta({ id: 'CreateSchedule' });

export const editScheduleSchema = z
  .strictObject({
    name: name.optional(),
    cron: cron.optional(),
    timeZone: timeZone.optional(),
    restateWeeks: restateWeeks.optional(),
    deepRestateWeeks: deepRestateWeeks.optional(),
    staggerSeconds: staggerSeconds.optional(),
    collections: collections.optional().describe('Replaces the collections of the schedule'),
  })
  .refine((input) => Object.keys(input).length > 0, { message: 'must change something' })
  .meta({ id: 'EditSchedule' });

export const tickCollectionSchema = z.strictObject({
  collectionId: id,
  collection: z.string(),
  instance: z.string().describe('AMC instance id'),
  dataset: z.string(),
  added: z.array(isoDate).describe('New weeks'),
  restated: z.array(isoDate).describe('Served weeks collected again'),
  retried: z.array(isoDate).describe('Failed weeks tried again'),
  skipped: z.array(z.strictObject({ week: isoDate, reason: z.enum(SKIP_REASONS), note: z.string() })),
  note: z.string().nullable().describe('Why nothing, or less than wanted, was planned'),
  runs: z.partialRecord(z.enum(WEEK_STATES), z.int()).describe('What became of the planned weeks, by state'),
  rowsAdded: z.int(),
  rowsChanged: z.int(),
  rowsVanished: z.int(),
});

export const scheduleTickSchema = z
  .strictObject({
    id,
    kind: z.enum(TICK_KINDS),
    dueAt: instant,
    tickedAt: instant,
    missed: z.int().describe('Due times that had passed unnoticed and are made up for by this tick'),
    deep: z.boolean(),
    askedBy: z.string(),
    weeksPlanned: z.int(),
    weeksSkipped: z.int(),
    collections: z.array(tickCollectionSchema),
  })
  .meta({ id: 'ScheduleTick' });

export const scheduleSchema = z
  .strictObject({
    id,
    name: z.string(),
    template: z.enum(SCHEDULE_TEMPLATE_NAMES).nullable(),
    state: z.enum(SCHEDULE_STATES),
    cron: z.string(),
    timeZone: z.string(),
    restateWeeks,
    deepRestateWeeks,
    staggerSeconds,
    nextAt: instant.nullable().describe('null while paused'),
    failure: z.string().nullable().describe('Why its last tick could not be made; it is tried again'),
    lastTick: z.strictObject({ id, kind: z.enum(TICK_KINDS), tickedAt: instant, weeksPlanned: z.int(), weeksSkipped: z.int() }).nullable(),
    collections: z.array(
      z.strictObject({
        id,
        name: z.string(),
        instance: z.string().describe('AMC instance id'),
        instanceName: z.string(),
        dataset: z.string(),
        state: z.enum(COLLECTION_STATES).describe('As stored: complete is shown as running'),
        lastWeek: isoDate,
      }),
    ),
    createdAt: instant,
    createdBy: z.string(),
  })
  .meta({ id: 'Schedule' });

export const scheduleListSchema = z.strictObject({ schedules: z.array(scheduleSchema) }).meta({ id: 'ScheduleList' });

export const scheduleDetailSchema = scheduleSchema
  .extend({
    nextRuns: z.array(instant).describe('The next five, from now, as if it were active'),
    history: z.array(scheduleTickSchema).describe('The newest five ticks'),
  })
  .meta({ id: 'ScheduleDetail' });

export const schedulePreviewQuerySchema = z
  .strictObject({ cron, timeZone, count: z.coerce.number().int().min(1).max(20).default(5) })
  .meta({ id: 'SchedulePreviewQuery' });

export const schedulePreviewSchema = z
  .strictObject({ cron: z.string().describe('Tidied'), timeZone: z.string(), runs: z.array(instant) })
  .meta({ id: 'SchedulePreview' });

export const scheduleHistoryQuerySchema = z
  .strictObject({
    before: id.optional().describe('Only ticks older than the one with this id'),
    limit: z.coerce.number().int().min(1).max(100).default(20),
  })
  .meta({ id: 'ScheduleHistoryQuery' });

export const scheduleHistorySchema = z
  .strictObject({ ticks: z.array(scheduleTickSchema).describe('Newest first'), next: id.nullable().describe('The next page’s before') })
  .meta({ id: 'ScheduleHistory' });

export type ScheduleTemplate = z.output<typeof scheduleTemplateSchema>;
export type ScheduleTemplateList = z.output<typeof scheduleTemplateListSchema>;
export type CreateSchedule = z.output<typeof createScheduleSchema>;
export type EditSchedule = z.output<typeof editScheduleSchema>;
export type ScheduleTick = z.output<typeof scheduleTickSchema>;
export type TickCollection = z.output<typeof tickCollectionSchema>;
export type SkippedWeek = TickCollection['skipped'][number];
export type Schedule = z.output<typeof scheduleSchema>;
export type ScheduleList = z.output<typeof scheduleListSchema>;
export type ScheduleDetail = z.output<typeof scheduleDetailSchema>;
export type SchedulePreviewQuery = z.output<typeof schedulePreviewQuerySchema>;
export type SchedulePreview = z.output<typeof schedulePreviewSchema>;
export type ScheduleHistoryQuery = z.output<typeof scheduleHistoryQuerySchema>;
export type ScheduleHistory = z.output<typeof scheduleHistorySchema>;
