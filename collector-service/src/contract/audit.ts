import { z } from 'zod';
import type { Routes } from './route.ts';
import { id, instant, wholeNumber } from './scalars.ts';

/** The record of changes: who did what, when. Newest first, a page at a time. */
export const auditQuerySchema = z
  .strictObject({
    before: id.optional().describe('Only entries older than this one: `next` of the page before'),
    limit: wholeNumber.min(1).max(500).default(100),
    person: z.string().min(1).max(200).optional(),
    action: z.string().min(1).max(100).optional().describe('Such as collection.pause, or collection for all of them'),
  })
  .meta({ id: 'AuditQuery' });

export const auditEntrySchema = z
  .strictObject({
    id,
    at: instant,
    person: z.string().describe('Login of the person, token:<name>, command line, provisioning, configuration or collector'),
    action: z.string(),
    subject: z.string(),
    details: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'AuditEntry' });

export const auditPageSchema = z
  .strictObject({ entries: z.array(auditEntrySchema), next: id.nullable().describe('null: there is nothing older') })
  .meta({ id: 'AuditPage' });

export const auditRoutes = {
  audit: {
    method: 'get',
    path: '/v1/audit',
    role: 'Admin',
    budget: 'read',
    summary: 'Who changed what and when, newest first, a page at a time; for callers who may see the whole workspace',
    query: auditQuerySchema,
    status: 200,
    response: auditPageSchema,
    errors: [],
  },
} as const satisfies Routes;

export type AuditQuery = z.output<typeof auditQuerySchema>;
export type AuditEntry = z.output<typeof auditEntrySchema>;
export type AuditPage = z.output<typeof auditPageSchema>;
