import type pg from 'pg';
import type { GrafanaIdentitySettings } from './caller.ts';

/** Makes sure that a workspace exists with these settings; without Grafana settings nobody can be verified and tokens alone decide. Returns its id. */
export async function ensureWorkspace(
  db: pg.Pool | pg.PoolClient,
  name: string,
  settings: { readonly grafana: GrafanaIdentitySettings | null },
): Promise<string> {
  const { grafana } = settings;
  const { rows } = await db.query<{ id: string }>(
    `INSERT INTO workspaces (name, grafana_issuer, grafana_keys_url, grafana_orgs) VALUES ($1, $2, $3, $4)
     ON CONFLICT (name) DO UPDATE
       SET grafana_issuer = excluded.grafana_issuer, grafana_keys_url = excluded.grafana_keys_url, grafana_orgs = excluded.grafana_orgs, updated_at = now()
     RETURNING id::text`,
    [name, grafana?.issuer ?? null, grafana?.keysUrl ?? null, grafana?.orgs ?? []],
  );
  return rows[0]!.id;
}
