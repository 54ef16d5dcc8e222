import type pg from 'pg';
import { CollectorError } from '../../contract/error.ts';
import type { Role } from '../../contract/route.ts';
import { isPlausibleToken, MIN_TOKEN_LENGTH, newToken, tokenHash } from './secret-token.ts';

type Database = pg.Pool | pg.PoolClient;

export interface TokenOptions {
  /** Unique within the workspace. */
  readonly name: string;
  /** What the token may do when no verified person comes with it. */
  readonly role?: Role;
  /** AMC instance ids it may see; all of the workspace, also later ones, when left out. */
  readonly instances?: readonly string[];
}

export interface TokenInfo {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  /** AMC instance ids; null means all. */
  readonly instances: string[] | null;
  /** ISO 8601 UTC. */
  readonly createdAt: string;
  readonly revokedAt: string | null;
  /** Until when the token before the last rotation is still accepted; null when it is not. */
  readonly previousUntil: string | null;
}

/** Makes a token and returns it: this is the only time it can be seen. A revoked token's name may be used again. @throws CollectorError conflict, not_found */
export async function createToken(db: Database, workspaceId: string, options: TokenOptions): Promise<string> {
  const token = newToken();
  const scope = await resolveInstances(db, workspaceId, options.instances);
  const { rowCount } = await db.query(
    `INSERT INTO workspace_tokens AS t (workspace_id, name, token_sha256, role, instance_ids) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (workspace_id, name) DO UPDATE
       SET token_sha256 = excluded.token_sha256, role = excluded.role, instance_ids = excluded.instance_ids, created_at = now(), revoked_at = NULL,
           previous_sha256 = NULL, previous_until = NULL
       WHERE t.revoked_at IS NOT NULL`,
    [workspaceId, options.name, tokenHash(token), options.role ?? 'Viewer', scope],
  );
  if (rowCount === 0) {
    throw new CollectorError(
      'conflict',
      `The workspace already has a token named "${options.name}". Rotate it, revoke it, or choose another name.`,
    );
  }
  return token;
}

/**
 * Makes sure that a token chosen by the operator works (COLLECTOR_TOKEN, shared with Grafana's provisioning), whatever the name held before.
 * Nothing is written when nothing changed. Returns whether something did.
 * @throws CollectorError config_invalid when it is too short to be safe, or known already under another name
 */
export async function ensureToken(db: Database, workspaceId: string, options: TokenOptions & { readonly token: string }): Promise<boolean> {
  if (!isPlausibleToken(options.token)) {
    throw new CollectorError(
      'config_invalid',
      `The token "${options.name}" must have ${MIN_TOKEN_LENGTH} to 256 printable characters without spaces. Make one with: openssl rand -hex 32`,
    );
  }
  const scope = await resolveInstances(db, workspaceId, options.instances);
  try {
    const { rows } = await db.query<{ changed: number; clashes: boolean }>(
      `WITH clash AS (
         SELECT FROM workspace_tokens WHERE previous_sha256 = $3 AND (workspace_id, name) <> ($1::bigint, $2::text) AND previous_until > now()
       ), written AS (
         INSERT INTO workspace_tokens AS t (workspace_id, name, token_sha256, role, instance_ids)
         SELECT $1, $2, $3, $4, $5 WHERE NOT EXISTS (SELECT FROM clash)
         ON CONFLICT (workspace_id, name) DO UPDATE
           SET token_sha256 = excluded.token_sha256, role = excluded.role, instance_ids = excluded.instance_ids, revoked_at = NULL
           WHERE (t.token_sha256, t.role, t.instance_ids, t.revoked_at)
             IS DISTINCT FROM (excluded.token_sha256, excluded.role, excluded.instance_ids, NULL::timestamptz)
         RETURNING 1)
       SELECT (SELECT count(*)::int FROM written) AS changed, EXISTS (SELECT FROM clash) AS clashes`,
      [workspaceId, options.name, tokenHash(options.token), options.role ?? 'Viewer', scope],
    );
    if (!rows[0]!.clashes) return rows[0]!.changed > 0;
  } catch (error) {
    if ((error as { constraint?: string }).constraint !== 'workspace_tokens_token_sha256_key') throw error;
  }
  throw new CollectorError(
    'config_invalid',
    `The token given for "${options.name}" is in use under another name or in another workspace. Choose a new one: openssl rand -hex 32`,
  );
}

/**
 * Replaces a token. The old one stops at once, or is accepted for `overlapMs` more, so that its users can be changed over one by one;
 * one that was still accepted from the rotation before stops. Returns the new one, the only time it can be seen.
 * @throws CollectorError not_found
 */
export async function rotateToken(db: Database, workspaceId: string, name: string, overlapMs = 0): Promise<string> {
  const token = newToken();
  const { rowCount } = await db.query(
    `UPDATE workspace_tokens SET token_sha256 = $3, created_at = now(),
       previous_sha256 = CASE WHEN $4::float8 > 0 THEN token_sha256 END,
       previous_until = CASE WHEN $4::float8 > 0 THEN now() + $4::float8 * interval '1 ms' END
     WHERE workspace_id = $1 AND name = $2 AND revoked_at IS NULL`,
    [workspaceId, name, tokenHash(token), overlapMs],
  );
  if (rowCount === 0) throw noSuchToken(name);
  return token;
}

/** Ends a token at once; its row stays, so that records that name it can be read. @throws CollectorError not_found */
export async function revokeToken(db: Database, workspaceId: string, name: string): Promise<void> {
  const { rowCount } = await db.query(
    'UPDATE workspace_tokens SET revoked_at = now(), previous_sha256 = NULL, previous_until = NULL WHERE workspace_id = $1 AND name = $2 AND revoked_at IS NULL',
    [workspaceId, name],
  );
  if (rowCount === 0) throw noSuchToken(name);
}

/** All tokens of a workspace, revoked ones too, without anything that could be used. */
export async function listTokens(db: Database, workspaceId: string): Promise<TokenInfo[]> {
  const { rows } = await db.query<{
    id: string;
    name: string;
    role: Role;
    instances: string[] | null;
    created_at: Date;
    revoked_at: Date | null;
    previous_until: Date | null;
  }>(
    `SELECT id::text, name, role, created_at, revoked_at,
            CASE WHEN revoked_at IS NULL AND previous_until > now() THEN previous_until END AS previous_until,
            CASE WHEN instance_ids IS NOT NULL
                 THEN ARRAY(SELECT amc_instance_id FROM instances i WHERE i.id = ANY (t.instance_ids) ORDER BY 1) END AS instances
     FROM workspace_tokens t WHERE workspace_id = $1 ORDER BY name`,
    [workspaceId],
  );
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    role: row.role,
    instances: row.instances,
    createdAt: row.created_at.toISOString(),
    revokedAt: row.revoked_at?.toISOString() ?? null,
    previousUntil: row.previous_until?.toISOString() ?? null,
  }));
}

/** Our ids of AMC instances of this workspace. An unknown one is refused: a token that silently sees less is a riddle later. */
export async function resolveInstances(
  db: Database,
  workspaceId: string,
  amcInstanceIds: readonly string[] | undefined,
): Promise<string[] | null> {
  if (amcInstanceIds === undefined) return null;
  const { rows } = await db.query<{ id: string; amc_instance_id: string }>(
    'SELECT id::text, amc_instance_id FROM instances WHERE workspace_id = $1 AND amc_instance_id = ANY ($2)',
    [workspaceId, amcInstanceIds],
  );
  const known = new Set(rows.map((row) => row.amc_instance_id));
  const unknown = amcInstanceIds.filter((id) => !known.has(id));
  if (unknown.length > 0) {
    throw new CollectorError('not_found', `The workspace has no AMC instance ${unknown.join(', ')}. Add it first, or leave it out.`);
  }
  return rows.map((row) => row.id);
}

const noSuchToken = (name: string) =>
  new CollectorError('not_found', `The workspace has no token named "${name}" that is in use. List its tokens to see their names.`);
