import type pg from 'pg';
import { CollectorError } from '../../contract/error.ts';
import type { Store } from '../store/store.ts';
import { openGrafanaToken, sealGrafanaToken } from './grafana-token.ts';
import type { Keyring } from './keyring.ts';
import type { Sealed } from './seal.ts';
import { openSecrets, sealSecrets } from './secrets.ts';

/** Secrets stored under a key. */
export interface KeyUse {
  readonly id: string;
  readonly secrets: number;
  /** current: encrypts; older: only decrypts; missing: what is stored under it cannot be opened. */
  readonly role: 'current' | 'older' | 'missing';
}

export interface Rotated {
  readonly workspaceId: string;
  readonly subject: string;
  readonly fromKey: string;
}

interface Row {
  id: string;
  workspaceId: string;
  name: string;
  keyId: string;
  nonce: Buffer;
  ciphertext: Buffer;
}

/** Each kind of row that holds a secret, and how its secret is sealed anew. */
const HOLDERS: readonly {
  readonly kind: string;
  readonly select: string;
  readonly update: string;
  reseal(keyring: Keyring, row: Row): Sealed;
}[] = [
  {
    kind: 'connection',
    select: `SELECT id::text, workspace_id::text AS "workspaceId", name, secret_key_id AS "keyId", secret_nonce AS nonce, secret_ciphertext AS ciphertext
               FROM connections c WHERE secret_key_id <> $1 AND c.id > $2 ORDER BY c.id LIMIT $3 FOR UPDATE`,
    update: 'UPDATE connections SET secret_key_id = $2, secret_nonce = $3, secret_ciphertext = $4, updated_at = now() WHERE id = $1',
    reseal(keyring, row) {
      const owner = { workspaceId: row.workspaceId, connection: row.name };
      return sealSecrets(keyring, owner, openSecrets(keyring, owner, row));
    },
  },
  {
    kind: 'grafana access of workspace',
    select: `SELECT id::text, id::text AS "workspaceId", name, grafana_key_id AS "keyId", grafana_nonce AS nonce, grafana_ciphertext AS ciphertext
               FROM workspaces w WHERE grafana_key_id <> $1 AND w.id > $2 ORDER BY w.id LIMIT $3 FOR UPDATE`,
    update: 'UPDATE workspaces SET grafana_key_id = $2, grafana_nonce = $3, grafana_ciphertext = $4, updated_at = now() WHERE id = $1',
    reseal: (keyring, row) => sealGrafanaToken(keyring, row.workspaceId, openGrafanaToken(keyring, row.workspaceId, row)),
  },
];
const BATCH = 50;

/** The keys at hand and those that stored secrets name, with how many of them: never a key. */
export async function listKeys(pool: pg.Pool, keyring: Keyring): Promise<KeyUse[]> {
  const { rows } = await pool.query<{ id: string; secrets: number }>(
    `SELECT id, count(*)::int AS secrets FROM (
       SELECT secret_key_id AS id FROM connections UNION ALL SELECT grafana_key_id FROM workspaces WHERE grafana_key_id IS NOT NULL) used
     GROUP BY id ORDER BY id`,
  );
  const secrets = new Map(rows.map((row) => [row.id, row.secrets]));
  const atHand = keyring.ids.map(
    (id) => ({ id, secrets: secrets.get(id) ?? 0, role: id === keyring.current.id ? 'current' : 'older' }) as const,
  );
  const missing = rows
    .filter(({ id }) => !keyring.ids.includes(id))
    .map(({ id, secrets: count }) => ({ id, secrets: count, role: 'missing' }) as const);
  return [...atHand, ...missing];
}

/**
 * Encrypts everything that is stored under older keys with the newest one, in batches of their own transactions: stopped at any
 * moment, what is done is done, what is not still opens, and the next run goes on there. A secret that does not open is left and told.
 * @param record puts each secret on record, in its transaction
 */
export async function rotateKeys(
  store: Store,
  keyring: Keyring,
  record: (tx: pg.PoolClient, rotated: Rotated) => Promise<void>,
  signal: AbortSignal,
): Promise<{ rotated: number; broken: readonly string[] }> {
  let rotated = 0;
  const broken: string[] = [];
  for (const { kind, select, update, reseal } of HOLDERS) {
    let after = '0';
    for (let more = true; more;) {
      signal.throwIfAborted();
      const batch = await store.transaction(async (tx) => {
        const { rows } = await tx.query<Row>(select, [keyring.current.id, after, BATCH]);
        const failed: string[] = [];
        for (const row of rows) {
          const sealed = tryReseal(() => reseal(keyring, row));
          if (sealed === null) {
            failed.push(`${kind} ${row.name}`);
            continue;
          }
          await tx.query(update, [row.id, sealed.keyId, sealed.nonce, sealed.ciphertext]);
          await record(tx, { workspaceId: row.workspaceId, subject: `${kind} ${row.name}`, fromKey: row.keyId });
        }
        return { rows, failed };
      });
      rotated += batch.rows.length - batch.failed.length;
      broken.push(...batch.failed);
      after = batch.rows.at(-1)?.id ?? after;
      more = batch.rows.length === BATCH;
    }
  }
  return { rotated, broken };
}

function tryReseal(reseal: () => Sealed): Sealed | null {
  try {
    return reseal();
  } catch (error) {
    if (error instanceof CollectorError && error.code === 'config_invalid') return null;
    throw error;
  }
}
