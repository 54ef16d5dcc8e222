import { z } from 'zod';
import {
  createScheduleSchema,
  editScheduleSchema,
  scheduleDetailSchema,
  scheduleHistoryQuerySchema,
  scheduleHistorySchema,
  scheduleListSchema,
  schedulePreviewQuerySchema,
  schedulePreviewSchema,
  scheduleSchema,
  scheduleTemplateListSchema,
  scheduleTickSchema,
} from '../../contract/schedules.ts';
import { previewSchedule } from '../../product/schedule/read.ts';
import { SCHEDULE_TEMPLATES } from '../../product/schedule/templates.ts';
import type { Route } from './route.ts';
import { defineRoute } from './route.ts';

const idParams = z.strictObject({
  id: z
    .string()
    .regex(/^\d{1,18}$/, 'must be a numeric id')
    .describe('Schedule id'),
});

const list = defineRoute({
  name: 'schedules',
  summary: 'The schedules whose instances the caller may all see',
  budget: 'read',
  status: 200,
  response: scheduleListSchema,
  handle: async (_input, { deps, scope }) => ({ schedules: await deps.schedules.list(scope) }),
});

const create = defineRoute({
  name: 'createSchedule',
  summary: 'Keeps collections up to date: the newest week, and past weeks again',
  description:
    'A collection belongs to one schedule at most. Collections are named by id, or by dataset for every instance the caller may see that collects it now.',
  body: createScheduleSchema,
  budget: 'write',
  status: 201,
  response: scheduleSchema,
  handle: ({ body }, { deps, scope, caller }) => deps.schedules.create(scope, caller.actor, body),
});

const detail = defineRoute({
  name: 'schedule',
  summary: 'A schedule with its next five due times and its newest ticks',
  params: idParams,
  budget: 'read',
  status: 200,
  response: scheduleDetailSchema,
  handle: ({ params }, { deps, scope }) => deps.schedules.detail(scope, params.id),
});

const edit = defineRoute({
  name: 'editSchedule',
  summary: 'Changes what the body names; a list of collections replaces the old one',
  params: idParams,
  body: editScheduleSchema,
  budget: 'write',
  status: 200,
  response: scheduleSchema,
  handle: ({ params, body }, { deps, scope, caller }) => deps.schedules.edit(scope, caller.actor, params.id, body),
});

const act = (action: 'pause' | 'resume' | 'remove', name: 'pauseSchedule' | 'resumeSchedule' | 'deleteSchedule', summary: string) =>
  defineRoute({
    name,
    summary,
    params: idParams,
    budget: 'write',
    status: 200,
    response: scheduleSchema,
    handle: ({ params }, { deps, scope, caller }) => deps.schedules[action](scope, caller.actor, params.id),
  });

const run = defineRoute({
  name: 'runSchedule',
  summary: 'A tick now, ahead of scheduled work; due times stay as they are',
  params: idParams,
  budget: 'write',
  status: 202,
  response: scheduleTickSchema,
  handle: ({ params }, { deps, scope, caller }) => deps.schedules.run(scope, caller.actor, params.id),
});

const history = defineRoute({
  name: 'scheduleHistory',
  summary: 'What each tick planned and skipped, and what became of it; newest first, in pages',
  params: idParams,
  query: scheduleHistoryQuerySchema,
  budget: 'read',
  status: 200,
  response: scheduleHistorySchema,
  handle: ({ params, query }, { deps, scope }) => deps.schedules.history(scope, params.id, query),
});

const templates = defineRoute({
  name: 'scheduleTemplates',
  summary: 'Schedules ready to be chosen',
  budget: 'read',
  status: 200,
  response: scheduleTemplateListSchema,
  handle: async () => ({ templates: [...SCHEDULE_TEMPLATES] }),
});

const preview = defineRoute({
  name: 'schedulePreview',
  summary: 'When a cron expression in a time zone would tick next',
  query: schedulePreviewQuerySchema,
  budget: 'read',
  status: 200,
  response: schedulePreviewSchema,
  handle: async ({ query }) => previewSchedule(query),
});

export const scheduleRoutes: readonly Route[] = [
  list,
  create,
  detail,
  edit,
  act(
    'remove',
    'deleteSchedule',
    'Removes the schedule and its history; collections, data and planned weeks stay. Answers with what it was',
  ),
  act('pause', 'pauseSchedule', 'Stops ticking; what comes due meanwhile is not made up for'),
  act('resume', 'resumeSchedule', 'Ticks again from the next due time on'),
  run,
  history,
  templates,
  preview,
];
