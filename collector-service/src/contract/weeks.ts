import { z } from 'zod';
import { id, instant, isoDate } from './scalars.ts';

/** What a person sees of a week: whether it is served, and what its newest run does. */
export const WEEK_STATES = ['planned', 'creating', 'running', 'downloading', 'merging', 'done', 'held', 'failed', 'skipped'] as const;
export const WEEK_AGES = ['incomplete', 'provisional', 'settling', 'final'] as const;

export const weekErrorSchema = z.strictObject({
  code: z.string(),
  message: z.string(),
  remedy: z.string().describe('What to do about errors of this code'),
  at: instant,
});

export const weekNoteSchema = z.strictObject({
  rule: z.string().describe('The quality rule that has something to say'),
  message: z.string(),
});

export const weekDoubtSchema = z.strictObject({
  findings: z.array(weekNoteSchema).min(1).describe('What is odd about the week beside those before and after it'),
  note: z.string().describe('What became of asking Amazon again'),
});

export const weekSchema = z
  .strictObject({
    week: isoDate.describe('Monday under which the window is kept (of a weekly dataset its first day)'),
    firstDay: isoDate.describe('First day of the window, in the zone of the instance'),
    lastDay: isoDate.describe('Last day of the window, included'),
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
    doubt: weekDoubtSchema.nullable().describe('Why what is served may not be right; null when nothing speaks against it'),
    notes: z
      .array(weekNoteSchema)
      .describe('What to know of the newest accepted result: unknown columns, odd values, objections that were waived'),
  })
  .meta({ id: 'Week' });

export type Week = z.output<typeof weekSchema>;
export type WeekState = Week['state'];
export type WeekAge = Week['age'];
