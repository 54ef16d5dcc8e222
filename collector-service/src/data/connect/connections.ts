import type pg from 'pg';
import { CollectorError } from '../../contract/error.ts';
import type { Keyring } from './keyring.ts';
import type { ProvisionedConnection } from './provisioning.ts';
import { openSecrets, sealSecrets, type ConnectionSecrets, type SealedSecrets } from './secrets.ts';

type Db = pg.Pool | pg.PoolClient;

/** A stored connection, its secrets opened. */
export interface Connection {
  /** Decimal id. */
  readonly id: string;
  readonly name: string;
  readonly apiUrl: string;
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly secrets: ConnectionSecrets;
}

interface Row {
  id: string;
  workspace_id: string;
  name: string;
  api_url: string;
  token_url: string;
  client_id: string;
  secret_key_id: string;
  secret_nonce: Buffer;
  secret_ciphertext: Buffer;
}
const COLUMNS = 'id::text, workspace_id::text, name, api_url, token_url, client_id, secret_key_id, secret_nonce, secret_ciphertext';

const opened = (row: Row, keyring: Keyring): Connection => ({
  id: row.id,
  name: row.name,
  apiUrl: row.api_url,
  tokenUrl: row.token_url,
  clientId: row.client_id,
  secrets: openSecrets(
    keyring,
    { workspaceId: row.workspace_id, connection: row.name },
    { keyId: row.secret_key_id, nonce: row.secret_nonce, ciphertext: row.secret_ciphertext },
  ),
});

/** @throws CollectorError not_found; config_invalid when the secrets do not open with the keys at hand */
export async function readConnection(db: Db, keyring: Keyring, id: string): Promise<Connection> {
  const { rows } = await db.query<Row>(`SELECT ${COLUMNS} FROM connections WHERE id = $1`, [id]);
  if (rows[0] === undefined) throw new CollectorError('not_found', `There is no connection ${id}; provision it again.`);
  return opened(rows[0], keyring);
}

/**
 * Stores a connection under its name; returns its id and whether it was written. Nothing is written when nothing changed: a seal
 * differs every time, so the stored secrets are opened and compared. Secrets under an older key are sealed again with the newest.
 */
export async function saveConnection(
  tx: pg.PoolClient,
  keyring: Keyring,
  workspaceId: string,
  connection: ProvisionedConnection,
): Promise<{ id: string; written: boolean }> {
  const { rows } = await tx.query<Row>(`SELECT ${COLUMNS} FROM connections WHERE workspace_id = $1 AND name = $2 FOR UPDATE`, [
    workspaceId,
    connection.name,
  ]);
  const stored = rows[0];
  if (stored !== undefined && isSame(stored, connection, keyring)) return { id: stored.id, written: false };
  const sealed = sealSecrets(keyring, { workspaceId, connection: connection.name }, connection);
  return { id: await upsertConnection(tx, workspaceId, connection, sealed), written: true };
}

function isSame(stored: Row, connection: ProvisionedConnection, keyring: Keyring): boolean {
  if (stored.secret_key_id !== keyring.current.id) return false;
  if (stored.api_url !== connection.apiUrl || stored.token_url !== connection.tokenUrl || stored.client_id !== connection.clientId)
    return false;
  const { clientSecret, refreshToken } = openedOrNull(stored, keyring) ?? {};
  return clientSecret?.reveal() === connection.clientSecret.reveal() && refreshToken?.reveal() === connection.refreshToken.reveal();
}

/** Secrets that no longer open are no reason to refuse new ones: provisioning again is the remedy. */
function openedOrNull(stored: Row, keyring: Keyring): ConnectionSecrets | null {
  try {
    return opened(stored, keyring).secrets;
  } catch (error) {
    if (error instanceof CollectorError && error.code === 'config_invalid') return null;
    throw error;
  }
}

async function upsertConnection(
  tx: pg.PoolClient,
  workspaceId: string,
  connection: ProvisionedConnection,
  sealed: SealedSecrets,
): Promise<string> {
  const { rows } = await tx.query<{ id: string }>(
    `INSERT INTO connections (workspace_id, name, api_url, token_url, client_id, secret_key_id, secret_nonce, secret_ciphertext)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
     ON CONFLICT (workspace_id, name) DO UPDATE
       SET api_url = excluded.api_url, token_url = excluded.token_url, client_id = excluded.client_id, secret_key_id = excluded.secret_key_id,
           secret_nonce = excluded.secret_nonce, secret_ciphertext = excluded.secret_ciphertext, updated_at = now()
     RETURNING id::text`,
    [
      workspaceId,
      connection.name,
      connection.apiUrl,
      connection.tokenUrl,
      connection.clientId,
      sealed.keyId,
      sealed.nonce,
      sealed.ciphertext,
    ],
  );
  return rows[0]!.id;
}
