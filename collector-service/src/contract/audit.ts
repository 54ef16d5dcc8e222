import { z } from 'zod';

/** The record of changes: who did what, when. Newest first, a page at a time. */
const id = z.string().regex(/^\d{1,18}$/, 'must be a numeric id');

export const auditQuerySchema = z
  .strictObject({
    before: id.optional().describe('Only entries older than this one: `next` of the page before'),
    limit: z.coerce.number().int().min(1).max(500).default(100),
    person: z.string().min(1).max(200).optional(),
    action: z.string().min(1).max(100).optional().describe('Such as collection.pause, or collection for all of them'),
  })
  .meta({ id: 'AuditQuery' });

export const auditEntrySchema = z
  .strictObject({
    id,
    at: z.iso.datetime(),
    person: z.string().describe('Login of the person, token:<name>, command line, provisioning, configuration or collector'),
    action: z.string(),
    subject: z.string(),
    details: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'AuditEntry' });

export const auditPageSchema = z
  .strictObject({ entries: z.array(auditEntrySchema), next: id.nullable().describe('null: there is nothing older') })
  .meta({ id: 'AuditPage' });

export type AuditQuery = z.output<typeof auditQuerySchema>;
export type AuditEntry = z.output<typeof auditEntrySchema>;
export type AuditPage = z.output<typeof auditPageSchema>;
