import type pg from 'pg';
import type { Role } from '../../contract/route.ts';
import type { ReportingCalendar } from '../../ground/calendar/reporting-calendar.ts';
import type { CallerInstance } from './caller.ts';
import type { ScopeGrant } from './scope.ts';

export interface TokenOwner {
  token_id: string;
  token_name: string;
  role: Role;
  workspace_id: string;
  workspace: string;
  grafana_issuer: string | null;
  grafana_keys_url: string | null;
  grafana_orgs: number[];
  /** Null: Monday weeks and calendar months. */
  calendar: ReportingCalendar | null;
  instances: CallerInstance[];
  /** Who may see what of the workspace; none means that everybody sees all that the token may see. */
  grants: ScopeGrant[];
  /** Where teams are asked for, and whether a service account's token is stored for it. */
  grafana_api_url: string | null;
  has_grafana_token: boolean;
  /** Whether the token was made for some of the workspace's instances only. */
  limited: boolean;
}

/** How long an identity may take to be looked up. pg ends the wait itself; its types do not know the option. */
const LOOKUP = { query_timeout: 5_000 };

/**
 * The workspace and the scope of a token, in one round trip, since every request begins with it.
 * Not cached: a revoked token or grant must stop at once, and the lookup is one probe of each unique index. A rotated token goes on
 * until the end of its overlap.
 */
export async function findToken(db: pg.Pool, tokenSha256: Buffer): Promise<TokenOwner | undefined> {
  const { rows } = await db.query<TokenOwner>({
    text: `${SELECT_OWNER}
     WHERE (t.token_sha256 = $1 OR (t.previous_sha256 = $1 AND t.previous_until > now())) AND t.revoked_at IS NULL`,
    values: [tokenSha256],
    ...LOOKUP,
  });
  return rows[0];
}

const SELECT_OWNER = `
  SELECT t.id::text AS token_id, t.name AS token_name, t.role, t.instance_ids IS NOT NULL AS limited, w.id::text AS workspace_id, w.name AS workspace,
         w.grafana_issuer, w.grafana_keys_url, w.grafana_orgs, w.calendar, w.grafana_api_url, w.grafana_key_id IS NOT NULL AS has_grafana_token,
         (SELECT coalesce(json_agg(json_build_object('kind', g.kind, 'subject', g.subject, 'role', g.role,
                   'instanceIds', (SELECT json_agg(id::text) FROM unnest(g.instance_ids) id)) ORDER BY g.id), '[]')
            FROM scope_grants g WHERE g.workspace_id = w.id) AS grants,
         (SELECT coalesce(json_agg(json_build_object(
              'id', i.id::text, 'amcInstanceId', i.amc_instance_id, 'name', i.name,
              'connectionId', c.id::text, 'connection', coalesce(c.name, ''), 'marketplaceId', i.marketplace_id, 'timeZone', i.time_zone,
              'advertiserTypes', i.advertiser_types, 'currencies', i.currencies) ORDER BY i.name, i.id), '[]')
            FROM instances i LEFT JOIN connections c ON c.id = i.connection_id
           WHERE i.workspace_id = w.id AND (t.instance_ids IS NULL OR i.id = ANY (t.instance_ids))) AS instances
    FROM workspace_tokens t JOIN workspaces w ON w.id = t.workspace_id`;
