import { scheduleTemplateRoutes } from '../../contract/schedule-templates.ts';
import { scheduleTickRoutes } from '../../contract/schedule-ticks.ts';
import { scheduleRoutes } from '../../contract/schedules.ts';
import { createSchedule } from '../../product/schedule/create.ts';
import { editSchedule } from '../../product/schedule/edit.ts';
import { pauseSchedule } from '../../product/schedule/pause.ts';
import { listSchedules, previewSchedule, scheduleDetail, scheduleHistory } from '../../product/schedule/read.ts';
import { removeSchedule } from '../../product/schedule/remove.ts';
import { resumeSchedule } from '../../product/schedule/resume.ts';
import { runSchedule } from '../../product/schedule/run.ts';
import { SCHEDULE_TEMPLATES } from '../../product/schedule/templates.ts';
import { handlers } from './handlers.ts';

export const scheduleHandlers = {
  ...handlers(scheduleRoutes, {
    schedules: async (ctx) => ({ schedules: await listSchedules(ctx) }),
    createSchedule: (ctx, { body }) => createSchedule(ctx, body),
    schedule: (ctx, { params }) => scheduleDetail(ctx, params),
    editSchedule: (ctx, { params, body }) => editSchedule(ctx, { ...params, ...body }),
    deleteSchedule: (ctx, { params }) => removeSchedule(ctx, params),
    pauseSchedule: (ctx, { params }) => pauseSchedule(ctx, params),
    resumeSchedule: (ctx, { params }) => resumeSchedule(ctx, params),
  }),
  ...handlers(scheduleTickRoutes, {
    runSchedule: (ctx, { params }) => runSchedule(ctx, params),
    scheduleHistory: (ctx, { params, query }) => scheduleHistory(ctx, { ...params, ...query }),
  }),
  ...handlers(scheduleTemplateRoutes, {
    scheduleTemplates: async () => ({ templates: [...SCHEDULE_TEMPLATES] }),
    schedulePreview: (ctx, { query }) => previewSchedule(ctx, query),
  }),
};
