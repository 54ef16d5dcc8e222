import { scheduleTemplateRoutes } from '../../contract/schedule-templates.ts';
import { scheduleTickRoutes } from '../../contract/schedule-ticks.ts';
import { scheduleRoutes } from '../../contract/schedules.ts';
import { editSchedule, pauseSchedule, removeSchedule, resumeSchedule, runNow } from '../../product/schedule/control.ts';
import { createSchedule } from '../../product/schedule/create.ts';
import { listSchedules, previewSchedule, scheduleDetail, scheduleHistory } from '../../product/schedule/read.ts';
import { SCHEDULE_TEMPLATES } from '../../product/schedule/templates.ts';
import { handlers } from './handlers.ts';

export const scheduleHandlers = {
  ...handlers(scheduleRoutes, {
    schedules: async (ctx) => ({ schedules: await listSchedules(ctx.store, ctx.scope) }),
    createSchedule: (ctx, { body }) => createSchedule(ctx, { scope: ctx.scope, person: ctx.actor }, body),
    schedule: (ctx, { params }) => scheduleDetail(ctx.store, ctx.scope, params.id),
    editSchedule: (ctx, { params, body }) => editSchedule(ctx.store, { scope: ctx.scope, person: ctx.actor }, params.id, body),
    deleteSchedule: (ctx, { params }) => removeSchedule(ctx.store, { scope: ctx.scope, person: ctx.actor }, params.id),
    pauseSchedule: (ctx, { params }) => pauseSchedule(ctx.store, { scope: ctx.scope, person: ctx.actor }, params.id),
    resumeSchedule: (ctx, { params }) => resumeSchedule(ctx.store, { scope: ctx.scope, person: ctx.actor }, params.id),
  }),
  ...handlers(scheduleTickRoutes, {
    runSchedule: (ctx, { params }) => runNow(ctx, { scope: ctx.scope, person: ctx.actor }, params.id),
    scheduleHistory: (ctx, { params, query }) => scheduleHistory(ctx.store, ctx.scope, params.id, query),
  }),
  ...handlers(scheduleTemplateRoutes, {
    scheduleTemplates: async () => ({ templates: [...SCHEDULE_TEMPLATES] }),
    schedulePreview: async (_ctx, { query }) => previewSchedule(query),
  }),
};
