import type { Tx } from './database.ts';

export interface AuditEntry {
  workspaceId: string;
  person: string;
  /** 'collection.pause' */
  action: string;
  /** 'collection 12' */
  subject: string;
  details?: Record<string, unknown>;
}

/** Who did what; written in the transaction of the change, so that there is no change without a record. */
export async function writeAudit(tx: Tx, entry: AuditEntry): Promise<void> {
  await tx.query('INSERT INTO audit_log (workspace_id, person, action, subject, details) VALUES ($1, $2, $3, $4, $5)', [
    entry.workspaceId,
    entry.person,
    entry.action,
    entry.subject,
    JSON.stringify(entry.details ?? {}),
  ]);
}
