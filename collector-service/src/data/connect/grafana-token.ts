import type pg from 'pg';
import { CollectorError } from '../../contract/error.ts';
import type { Keyring } from './keyring.ts';
import { seal, unseal, type Sealed } from './seal.ts';
import { Secret } from '../../ground/secret.ts';

type Db = pg.Pool | pg.PoolClient;

interface Row {
  grafana_key_id: string | null;
  grafana_nonce: Buffer;
  grafana_ciphertext: Buffer;
}

const boundTo = (workspaceId: string): Buffer => Buffer.from(JSON.stringify(['grafana', workspaceId]));
export const sealGrafanaToken = (keyring: Keyring, workspaceId: string, token: Secret): Sealed =>
  seal(keyring, boundTo(workspaceId), token.reveal());

/**
 * The token of the service account through which a workspace's teams are read; null when none is stored.
 * @throws CollectorError config_invalid when it does not open
 */
export async function readGrafanaToken(db: Db, keyring: Keyring, workspaceId: string): Promise<Secret | null> {
  const { rows } = await db.query<Row>('SELECT grafana_key_id, grafana_nonce, grafana_ciphertext FROM workspaces WHERE id = $1', [
    workspaceId,
  ]);
  const row = rows[0];
  if (!row?.grafana_key_id) return null;
  return openGrafanaToken(keyring, workspaceId, {
    keyId: row.grafana_key_id,
    nonce: row.grafana_nonce,
    ciphertext: row.grafana_ciphertext,
  });
}

/** @throws CollectorError config_invalid when the key is unknown, or the sealed value was altered or belongs to another workspace */
export function openGrafanaToken(keyring: Keyring, workspaceId: string, sealed: Sealed): Secret {
  try {
    return new Secret(unseal(keyring, boundTo(workspaceId), sealed));
  } catch (error) {
    if (error instanceof CollectorError) throw error;
    // No cause: what failed to open must not travel in an error.
    throw new CollectorError(
      'config_invalid',
      'The stored token of Grafana’s service account does not open. Set GRAFANA_SERVICE_ACCOUNT_TOKEN again.',
    );
  }
}

/**
 * Stores where a workspace's Grafana is asked for teams, and with what token; null takes both away. Nothing is written when nothing
 * changed. Returns whether something did.
 */
export async function saveGrafanaAccess(
  tx: pg.PoolClient,
  keyring: Keyring,
  workspaceId: string,
  access: { readonly apiUrl: string; readonly token: Secret } | null,
): Promise<boolean> {
  const { rows } = await tx.query<Row & { grafana_api_url: string | null }>(
    'SELECT grafana_api_url, grafana_key_id, grafana_nonce, grafana_ciphertext FROM workspaces WHERE id = $1 FOR UPDATE',
    [workspaceId],
  );
  const stored = rows[0]!;
  if (access === null && stored.grafana_api_url === null) return false;
  if (access !== null && stored.grafana_api_url === access.apiUrl && stored.grafana_key_id === keyring.current.id) {
    const known = await readGrafanaToken(tx, keyring, workspaceId);
    if (known?.reveal() === access.token.reveal()) return false;
  }
  const sealed = access === null ? null : sealGrafanaToken(keyring, workspaceId, access.token);
  await tx.query(
    `UPDATE workspaces SET grafana_api_url = $2, grafana_key_id = $3, grafana_nonce = $4, grafana_ciphertext = $5, updated_at = now()
     WHERE id = $1`,
    [workspaceId, access?.apiUrl ?? null, sealed?.keyId ?? null, sealed?.nonce ?? null, sealed?.ciphertext ?? null],
  );
  return true;
}
