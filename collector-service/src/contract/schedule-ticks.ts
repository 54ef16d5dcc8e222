import { z } from 'zod';
import type { Routes } from './route.ts';
import { id, instant, isoDate, wholeNumber } from './scalars.ts';
import { WEEK_STATES } from './weeks.ts';

/** Ticks: what a schedule planned, each time it was due or a person asked. */
export const TICK_KINDS = ['scheduled', 'caught_up', 'manual'] as const;
/** Why a week that was wanted is not collected again. */
export const SKIP_REASONS = ['in_flight', 'parked', 'held', 'too_old'] as const;

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

export const scheduleHistoryQuerySchema = z
  .strictObject({
    before: id.optional().describe('Only ticks older than the one with this id'),
    limit: wholeNumber.min(1).max(100).default(20),
  })
  .meta({ id: 'ScheduleHistoryQuery' });

export const scheduleHistorySchema = z
  .strictObject({ ticks: z.array(scheduleTickSchema).describe('Newest first'), next: id.nullable().describe('The next page’s before') })
  .meta({ id: 'ScheduleHistory' });

const params = z.strictObject({ id: id.describe('Schedule id') });

export const scheduleTickRoutes = {
  runSchedule: {
    method: 'post',
    path: '/v1/schedules/{id}/run',
    role: 'Editor',
    budget: 'write',
    summary: 'A tick now, ahead of scheduled work; due times stay as they are',
    params,
    status: 202,
    response: scheduleTickSchema,
    errors: ['not_found', 'clocks_disagree'],
  },
  scheduleHistory: {
    method: 'get',
    path: '/v1/schedules/{id}/history',
    role: 'Viewer',
    budget: 'read',
    summary: 'What each tick planned and skipped, and what became of it; newest first, in pages',
    params,
    query: scheduleHistoryQuerySchema,
    status: 200,
    response: scheduleHistorySchema,
    errors: ['not_found'],
  },
} as const satisfies Routes;

export type TickCollection = z.output<typeof tickCollectionSchema>;
export type SkippedWeek = TickCollection['skipped'][number];
export type ScheduleTick = z.output<typeof scheduleTickSchema>;
export type ScheduleHistoryQuery = z.output<typeof scheduleHistoryQuerySchema>;
export type ScheduleHistory = z.output<typeof scheduleHistorySchema>;
