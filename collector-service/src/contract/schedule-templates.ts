import { z } from 'zod';
import type { Routes } from './route.ts';
import { instant, wholeNumber } from './scalars.ts';

/** When a schedule ticks and what a tick collects, as chosen by a person or taken from a template. */
export const SCHEDULE_TEMPLATE_NAMES = ['weekly', 'weekly_deep', 'daily'] as const;

const weeks = z.int().min(0).max(56);
export const scheduleSettings = {
  cron: z.string().max(200).describe('Five fields: minute hour day-of-month month day-of-week; at most once an hour'),
  timeZone: z.string().max(100).describe('IANA name'),
  restateWeeks: weeks
    .nullable()
    .describe('How many weeks before the newest are collected again; null: what the dataset’s attribution asks for (6, 5 or 4)'),
  deepRestateWeeks: weeks.nullable().describe('The same at the first tick of a month; null: no difference'),
  staggerSeconds: z.int().min(0).max(86_400).describe('Between the starts of two collections of a tick'),
};
const { cron, timeZone, restateWeeks, deepRestateWeeks, staggerSeconds } = scheduleSettings;

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

export const schedulePreviewQuerySchema = z
  .strictObject({ cron, timeZone, count: wholeNumber.min(1).max(20).default(5) })
  .meta({ id: 'SchedulePreviewQuery' });

export const schedulePreviewSchema = z
  .strictObject({ cron: z.string().describe('Tidied'), timeZone: z.string(), runs: z.array(instant) })
  .meta({ id: 'SchedulePreview' });

export const scheduleTemplateRoutes = {
  scheduleTemplates: {
    method: 'get',
    path: '/v1/schedule-templates',
    role: 'Viewer',
    budget: 'read',
    summary: 'Schedules ready to be chosen',
    status: 200,
    response: scheduleTemplateListSchema,
    errors: [],
  },
  schedulePreview: {
    method: 'get',
    path: '/v1/schedule-preview',
    role: 'Viewer',
    budget: 'read',
    summary: 'When a cron expression in a time zone would tick next',
    query: schedulePreviewQuerySchema,
    status: 200,
    response: schedulePreviewSchema,
    errors: [],
  },
} as const satisfies Routes;

export type ScheduleTemplate = z.output<typeof scheduleTemplateSchema>;
export type ScheduleTemplateList = z.output<typeof scheduleTemplateListSchema>;
export type SchedulePreviewQuery = z.output<typeof schedulePreviewQuerySchema>;
export type SchedulePreview = z.output<typeof schedulePreviewSchema>;
