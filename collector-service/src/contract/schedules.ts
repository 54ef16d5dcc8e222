import { z } from 'zod';
import { COLLECTION_STATES } from './collections.ts';
import { NAME_PATTERN } from './query.ts';
import type { Routes } from './route.ts';
import { id, instant, isoDate } from './scalars.ts';
import { SCHEDULE_TEMPLATE_NAMES, scheduleSettings } from './schedule-templates.ts';
import { scheduleTickSchema, TICK_KINDS } from './schedule-ticks.ts';

/** Schedules: what keeps collections up to date. Weeks are Mondays. */
export const SCHEDULE_STATES = ['active', 'paused'] as const;

const name = z.string().trim().min(1).max(100);
const collections = z.array(id).min(1).max(5000).describe('Collection ids; a collection belongs to one schedule at most');
const { cron, timeZone, restateWeeks, deepRestateWeeks, staggerSeconds } = scheduleSettings;

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
        state: z.enum(COLLECTION_STATES),
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

const params = z.strictObject({ id: id.describe('Schedule id') });

export const scheduleRoutes = {
  schedules: {
    method: 'get',
    path: '/v1/schedules',
    role: 'Viewer',
    budget: 'read',
    summary: 'The schedules whose instances the caller may all see',
    status: 200,
    response: scheduleListSchema,
    errors: [],
  },
  createSchedule: {
    method: 'post',
    path: '/v1/schedules',
    role: 'Editor',
    budget: 'write',
    summary: 'Keeps collections up to date: the newest week, and past weeks again',
    description:
      'A collection belongs to one schedule at most. Collections are named by id, or by dataset for every instance the caller may see that collects it now.',
    body: createScheduleSchema,
    status: 201,
    response: scheduleSchema,
    errors: ['not_found', 'unknown_dataset', 'conflict'],
  },
  schedule: {
    method: 'get',
    path: '/v1/schedules/{id}',
    role: 'Viewer',
    budget: 'read',
    summary: 'A schedule with its next five due times and its newest ticks',
    params,
    status: 200,
    response: scheduleDetailSchema,
    errors: ['not_found'],
  },
  editSchedule: {
    method: 'patch',
    path: '/v1/schedules/{id}',
    role: 'Editor',
    budget: 'write',
    summary: 'Changes what the body names; a list of collections replaces the old one',
    params,
    body: editScheduleSchema,
    status: 200,
    response: scheduleSchema,
    errors: ['not_found', 'conflict'],
  },
  deleteSchedule: {
    method: 'delete',
    path: '/v1/schedules/{id}',
    role: 'Editor',
    budget: 'write',
    summary: 'Removes the schedule and its history; collections, data and planned weeks stay. Answers with what it was',
    params,
    status: 200,
    response: scheduleSchema,
    errors: ['not_found'],
  },
  pauseSchedule: {
    method: 'post',
    path: '/v1/schedules/{id}/pause',
    role: 'Editor',
    budget: 'write',
    summary: 'Stops ticking; what comes due meanwhile is not made up for',
    params,
    status: 200,
    response: scheduleSchema,
    errors: ['not_found'],
  },
  resumeSchedule: {
    method: 'post',
    path: '/v1/schedules/{id}/resume',
    role: 'Editor',
    budget: 'write',
    summary: 'Ticks again from the next due time on',
    params,
    status: 200,
    response: scheduleSchema,
    errors: ['not_found'],
  },
} as const satisfies Routes;

export type CreateSchedule = z.output<typeof createScheduleSchema>;
export type EditSchedule = z.output<typeof editScheduleSchema>;
export type Schedule = z.output<typeof scheduleSchema>;
export type ScheduleList = z.output<typeof scheduleListSchema>;
export type ScheduleDetail = z.output<typeof scheduleDetailSchema>;
