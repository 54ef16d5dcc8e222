import type pg from 'pg';
import type { Role } from '../contract/routes.ts';
import type { CallerInstance } from './caller.ts';

export interface TokenOwner {
  token_id: string;
  token_name: string;
  role: Role;
  workspace_id: string;
  workspace: string;
  grafana_issuer: string | null;
  grafana_keys_url: string | null;
  grafana_orgs: number[];
  instances: CallerInstance[];
}

/** How long an identity may take to be looked up. pg ends the wait itself; its types do not know the option. */
const LOOKUP = { query_timeout: 5_000 };

/**
 * The workspace and the scope of a token, in one round trip, since every request begins with it.
 * Not cached: a revoked token must stop at once, and the lookup is one probe of a unique index.
 */
export async function findToken(db: pg.Pool, tokenSha256: Buffer): Promise<TokenOwner | undefined> {
  const { rows } = await db.query<TokenOwner>({
    text: `${SELECT_OWNER} WHERE t.token_sha256 = $1 AND t.revoked_at IS NULL`,
    values: [tokenSha256],
    ...LOOKUP,
  });
  return rows[0];
}

const SELECT_OWNER = `
  SELECT t.id::text AS token_id, t.name AS token_name, t.role, w.id::text AS workspace_id, w.name AS workspace,
         w.grafana_issuer, w.grafana_keys_url, w.grafana_orgs,
         (SELECT coalesce(json_agg(json_build_object(
              'id', i.id::text, 'amcInstanceId', i.amc_instance_id, 'name', i.name,
              'connectionId', c.id::text, 'connection', c.name, 'marketplaceId', i.marketplace_id, 'timeZone', i.time_zone,
              'advertiserTypes', i.advertiser_types, 'currencies', i.currencies) ORDER BY i.name, i.id), '[]')
            FROM instances i JOIN connections c ON c.id = i.connection_id
           WHERE i.workspace_id = w.id AND (t.instance_ids IS NULL OR i.id = ANY (t.instance_ids))) AS instances
    FROM workspace_tokens t JOIN workspaces w ON w.id = t.workspace_id`;
