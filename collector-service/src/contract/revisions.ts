import { z } from 'zod';
import type { Routes } from './route.ts';
import { cursor, id, instant, isoDate, wholeNumber } from './scalars.ts';
import { totalChangeSchema } from './total-change.ts';

/** Revisions: accepted results that changed a week. */
export const revisionsQuerySchema = z.strictObject({
  week: isoDate.optional().describe('Monday; all weeks when left out'),
  cursor: cursor.optional().describe('nextCursor of the page before'),
  limit: wholeNumber.min(1).max(200).default(50),
});

export const revisionSchema = z
  .strictObject({
    week: isoDate.describe('Monday'),
    version: z.int().describe('Data version that it made'),
    acceptedAt: instant,
    runId: id,
    first: z.boolean().describe('The first result of the week: everything is new'),
    rowsAdded: z.int(),
    rowsChanged: z.int(),
    rowsVanished: z.int(),
    totals: z.array(totalChangeSchema),
  })
  .meta({ id: 'Revision' });

export const revisionListSchema = z
  .strictObject({ revisions: z.array(revisionSchema), nextCursor: z.string().nullable() })
  .meta({ id: 'RevisionList' });

export const revisionRoutes = {
  revisions: {
    method: 'get',
    path: '/v1/collections/{id}/revisions',
    role: 'Viewer',
    budget: 'read',
    summary: 'How the weeks of a collection grew: every accepted result that changed one, newest first',
    params: z.strictObject({ id: id.describe('Collection id') }),
    query: revisionsQuerySchema,
    status: 200,
    response: revisionListSchema,
    errors: ['not_found'],
  },
} as const satisfies Routes;

export type Revision = z.output<typeof revisionSchema>;
export type RevisionList = z.output<typeof revisionListSchema>;
export type RevisionsQuery = z.output<typeof revisionsQuerySchema>;
