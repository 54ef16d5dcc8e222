import type pg from 'pg';
import { CollectorError } from '../../contract/error.ts';
import type { GrafanaIdentitySettings } from './caller.ts';

/** Makes sure that a workspace exists with these settings; without Grafana settings nobody can be verified and tokens alone decide. Returns its id. */
export async function ensureWorkspace(
  db: pg.Pool | pg.PoolClient,
  name: string,
  settings: { readonly grafana: GrafanaIdentitySettings | null },
): Promise<string> {
  const { id } = await findOrCreateWorkspace(db, name);
  await configureWorkspace(db, id, settings.grafana);
  return id;
}

/** Sets whom a workspace believes about people. Returns whether anything changed. */
export async function configureWorkspace(
  db: pg.Pool | pg.PoolClient,
  id: string,
  grafana: GrafanaIdentitySettings | null,
): Promise<boolean> {
  const { rowCount } = await db.query(
    `UPDATE workspaces SET grafana_issuer = $2, grafana_keys_url = $3, grafana_orgs = $4, updated_at = now()
     WHERE id = $1 AND (grafana_issuer, grafana_keys_url, grafana_orgs) IS DISTINCT FROM ($2::text, $3::text, $4::integer[])`,
    [id, grafana?.issuer ?? null, grafana?.keysUrl ?? null, grafana?.orgs ?? []],
  );
  return rowCount === 1;
}

/** Makes sure that a workspace of this name exists and changes nothing of one that does. Returns its id, and whether it was made. */
export async function findOrCreateWorkspace(db: pg.Pool | pg.PoolClient, name: string): Promise<{ id: string; created: boolean }> {
  const made = await db.query<{ id: string }>(
    'INSERT INTO workspaces (name) VALUES ($1) ON CONFLICT (name) DO NOTHING RETURNING id::text',
    [name],
  );
  if (made.rows[0]) return { id: made.rows[0].id, created: true };
  const { rows } = await db.query<{ id: string }>('SELECT id::text FROM workspaces WHERE name = $1', [name]);
  return { id: rows[0]!.id, created: false };
}

/** @throws CollectorError not_found with the names there are */
export async function workspaceByName(db: pg.Pool | pg.PoolClient, name: string): Promise<string> {
  const { rows } = await db.query<{ id: string; name: string }>('SELECT id::text, name FROM workspaces ORDER BY name');
  const found = rows.find((row) => row.name === name);
  if (found) return found.id;
  throw new CollectorError(
    'not_found',
    `There is no workspace "${name}". There ${rows.length === 1 ? 'is' : 'are'} ${rows.map((row) => `"${row.name}"`).join(', ') || 'none'}. Make one with: collector workspace create`,
  );
}

export interface WorkspaceInfo {
  readonly name: string;
  readonly grafana: GrafanaIdentitySettings | null;
  /** Where teams are asked for; null when there is no access to them. */
  readonly grafanaApiUrl: string | null;
  readonly tokens: number;
  readonly grants: number;
  readonly instances: number;
  readonly collections: number;
  /** Week runs that may have an execution at Amazon. */
  readonly inFlight: number;
}

/** All workspaces with what they hold; tokens in use only. */
export async function listWorkspaces(db: pg.Pool | pg.PoolClient, name?: string): Promise<WorkspaceInfo[]> {
  const { rows } = await db.query<Omit<WorkspaceInfo, 'grafana'> & { issuer: string | null; keysUrl: string | null; orgs: number[] }>(
    `SELECT w.name, w.grafana_issuer AS issuer, w.grafana_keys_url AS "keysUrl", w.grafana_orgs AS orgs, w.grafana_api_url AS "grafanaApiUrl",
            (SELECT count(*)::int FROM workspace_tokens t WHERE t.workspace_id = w.id AND t.revoked_at IS NULL) AS tokens,
            (SELECT count(*)::int FROM scope_grants g WHERE g.workspace_id = w.id) AS grants,
            (SELECT count(*)::int FROM instances i WHERE i.workspace_id = w.id) AS instances,
            (SELECT count(*)::int FROM report_data_collections c WHERE c.workspace_id = w.id) AS collections,
            (SELECT count(*)::int FROM week_runs r JOIN report_data_collections c ON c.id = r.collection_id
              WHERE c.workspace_id = w.id AND r.state IN ('creating', 'running')) AS "inFlight"
     FROM workspaces w WHERE $1::text IS NULL OR w.name = $1 ORDER BY w.name`,
    [name ?? null],
  );
  return rows.map(({ issuer, keysUrl, orgs, ...rest }) => ({
    ...rest,
    grafana: issuer === null || keysUrl === null ? null : { issuer, keysUrl, orgs },
  }));
}

/**
 * Deletes a workspace with everything it holds: tokens, connections, instances, collections and their data. Only its records stay.
 * @throws CollectorError not_found, conflict while executions of its may be under way at Amazon (cancel its collections first)
 */
export async function deleteWorkspace(tx: pg.PoolClient, name: string): Promise<string> {
  const id = await workspaceByName(tx, name);
  // Claims pass over locked runs, so that nothing is bought between the count and the end.
  await tx.query(
    `SELECT FROM week_runs r JOIN report_data_collections c ON c.id = r.collection_id WHERE c.workspace_id = $1 ORDER BY r.id FOR UPDATE OF r`,
    [id],
  );
  const [info] = await listWorkspaces(tx, name);
  if (info!.inFlight > 0) {
    throw new CollectorError(
      'conflict',
      `${info!.inFlight} executions of workspace "${name}" may be under way at Amazon. Cancel its collections and wait until they have ended.`,
    );
  }
  const { rows } = await tx.query<{ ids: string[] }>(
    'SELECT coalesce(array_agg(id::text), $2) AS ids FROM instances WHERE workspace_id = $1',
    [id, []],
  );
  for (const table of await tablesByInstance(tx)) await tx.query(`DELETE FROM ${table} WHERE instance_id = ANY ($1)`, [rows[0]!.ids]);
  await tx.query('DELETE FROM workspaces WHERE id = $1', [id]);
  return id;
}

/** Facts, roll-ups and stored files, which no foreign key ties to their instance (they can be distributed), quoted. */
async function tablesByInstance(tx: pg.PoolClient): Promise<string[]> {
  const { rows } = await tx.query<{ name: string }>(
    `SELECT format('%I.%I', n.nspname, c.relname) AS name
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
     WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p') AND a.attname = 'instance_id' AND NOT a.attisdropped
       AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'f' AND a.attnum = ANY (k.conkey))
     ORDER BY c.relname`,
  );
  return rows.map(({ name }) => name);
}
