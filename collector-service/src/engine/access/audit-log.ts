import type pg from 'pg';
import type { AuditEntry, AuditPage, AuditQuery } from '../../contract/audit.ts';

/** A page of a workspace's record, newest first. One entry more than asked for tells whether there is another page. */
export async function readAuditLog(pool: pg.Pool, workspaceId: string, query: AuditQuery): Promise<AuditPage> {
  const { rows } = await pool.query<Omit<AuditEntry, 'at'> & { at: Date }>({
    text: `SELECT id::text, created_at AS at, person, action, subject, details FROM audit_log AS a
           WHERE workspace_id = $1 AND ($2::bigint IS NULL OR a.id < $2) AND ($3::text IS NULL OR person = $3)
             AND ($4::text IS NULL OR action = $4 OR starts_with(action, $4 || '.'))
           ORDER BY a.id DESC LIMIT $5`,
    values: [workspaceId, query.before ?? null, query.person ?? null, query.action ?? null, query.limit + 1],
    ...DEADLINE,
  });
  const entries = rows.slice(0, query.limit).map((row) => ({ ...row, at: row.at.toISOString() }));
  return { entries, next: rows.length > query.limit ? entries.at(-1)!.id : null };
}

/** pg ends the wait itself; its types do not know the option. */
const DEADLINE = { query_timeout: 10_000 };
