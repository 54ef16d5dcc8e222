import type pg from 'pg';
import { CollectorError } from '../../contract/error.ts';
import type { Role } from '../../contract/route.ts';
import { resolveInstances } from './tokens.ts';

type Database = pg.Pool | pg.PoolClient;

export interface GrantSubject {
  readonly kind: 'person' | 'team';
  /** See ScopeGrant: login, verified e-mail, `user:<id>` or `*`; a team's id or name. */
  readonly subject: string;
}

export interface NewGrant extends GrantSubject {
  /** AMC instance ids; all of the workspace, also later ones, when left out. */
  readonly instances?: readonly string[] | undefined;
  /** The most they may do here; what Grafana says when left out. */
  readonly role?: Role | undefined;
  readonly createdBy: string;
}

export interface GrantInfo extends GrantSubject {
  /** AMC instance ids; null means all. */
  readonly instances: string[] | null;
  readonly role: Role | null;
  readonly createdBy: string;
  /** ISO 8601 UTC. */
  readonly createdAt: string;
}

/**
 * Lets a person or a team see instances of a workspace, in place of what was granted to them before. With a workspace's first grant,
 * whoever has none sees nothing any more. @throws CollectorError not_found for an instance that the workspace does not have
 */
export async function grantScope(db: Database, workspaceId: string, grant: NewGrant): Promise<void> {
  const instanceIds = await resolveInstances(db, workspaceId, grant.instances);
  await db.query(
    `INSERT INTO scope_grants (workspace_id, kind, subject, instance_ids, role, created_by) VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (workspace_id, kind, subject) DO UPDATE
       SET instance_ids = excluded.instance_ids, role = excluded.role, created_by = excluded.created_by, created_at = now()`,
    [workspaceId, grant.kind, grant.subject, instanceIds, grant.role ?? null, grant.createdBy],
  );
}

/**
 * Takes a grant away, at once. The last grant of a workspace cannot be taken away by accident: without any, everybody sees everything.
 * @throws CollectorError not_found, conflict for the last one unless `openToAll`
 */
export async function revokeScope(
  tx: pg.PoolClient,
  workspaceId: string,
  { kind, subject }: GrantSubject,
  openToAll = false,
): Promise<void> {
  // Two that take away the last two grants come one after the other.
  await tx.query('SELECT FROM workspaces WHERE id = $1 FOR UPDATE', [workspaceId]);
  const { rowCount } = await tx.query('DELETE FROM scope_grants WHERE workspace_id = $1 AND kind = $2 AND subject = $3', [
    workspaceId,
    kind,
    subject,
  ]);
  if (rowCount === 0) {
    throw new CollectorError('not_found', `Nothing is granted to the ${kind} "${subject}" here. See: collector scope list`);
  }
  const left = await tx.query('SELECT FROM scope_grants WHERE workspace_id = $1 LIMIT 1', [workspaceId]);
  if (left.rowCount === 0 && !openToAll) {
    throw new CollectorError(
      'conflict',
      'This is the last grant: without any, everybody whom Grafana vouches for sees the whole workspace again. Add --open-to-all if that is what you want.',
    );
  }
}

/** The grants of a workspace, by kind and subject. */
export async function listGrants(db: Database, workspaceId: string): Promise<GrantInfo[]> {
  const { rows } = await db.query<Omit<GrantInfo, 'createdAt'> & { createdAt: Date }>(
    `SELECT kind, subject, role, created_by AS "createdBy", created_at AS "createdAt",
            CASE WHEN instance_ids IS NOT NULL
                 THEN ARRAY(SELECT amc_instance_id FROM instances i WHERE i.id = ANY (g.instance_ids) ORDER BY 1) END AS instances
     FROM scope_grants g WHERE workspace_id = $1 ORDER BY kind, subject`,
    [workspaceId],
  );
  return rows.map((row) => ({ ...row, createdAt: row.createdAt.toISOString() }));
}
