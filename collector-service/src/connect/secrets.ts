import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { CollectorError } from '../contract/error.ts';
import type { Keyring } from './keyring.ts';
import { Secret } from './secret.ts';

/** What a connection keeps to itself. */
export interface ConnectionSecrets {
  readonly clientSecret: Secret;
  readonly refreshToken: Secret;
}

/** As it lies in the database. */
export interface SealedSecrets {
  readonly keyId: string;
  readonly nonce: Buffer;
  /** Ciphertext followed by the 16-byte tag. */
  readonly ciphertext: Buffer;
}

/** Whose secrets they are; bound into the seal, so that a sealed value copied to another row does not open. */
export interface SecretOwner {
  readonly workspaceId: string;
  readonly connection: string;
}

const TAG_BYTES = 16;
const boundTo = (owner: SecretOwner): Buffer => Buffer.from(JSON.stringify(['connection', owner.workspaceId, owner.connection]));
const contentSchema = z.object({ clientSecret: z.string(), refreshToken: z.string() });

/** Encrypts with AES-256-GCM under the newest key and a fresh nonce. */
export function sealSecrets(keyring: Keyring, owner: SecretOwner, secrets: ConnectionSecrets): SealedSecrets {
  const { id, bytes } = keyring.current;
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', bytes, nonce).setAAD(boundTo(owner));
  const content = JSON.stringify({ clientSecret: secrets.clientSecret.reveal(), refreshToken: secrets.refreshToken.reveal() });
  return { keyId: id, nonce, ciphertext: Buffer.concat([cipher.update(content, 'utf8'), cipher.final(), cipher.getAuthTag()]) };
}

/** @throws CollectorError config_invalid when the key is unknown or the sealed value was altered or belongs to another connection */
export function openSecrets(keyring: Keyring, owner: SecretOwner, sealed: SealedSecrets): ConnectionSecrets {
  const { bytes } = keyring.find(sealed.keyId);
  const body = sealed.ciphertext.subarray(0, -TAG_BYTES);
  try {
    const decipher = createDecipheriv('aes-256-gcm', bytes, sealed.nonce, { authTagLength: TAG_BYTES }).setAAD(boundTo(owner));
    decipher.setAuthTag(sealed.ciphertext.subarray(-TAG_BYTES));
    const content = contentSchema.parse(JSON.parse(decipher.update(body, undefined, 'utf8') + decipher.final('utf8')));
    return { clientSecret: new Secret(content.clientSecret), refreshToken: new Secret(content.refreshToken) };
  } catch {
    // No cause: what failed to open must not travel in an error.
    throw new CollectorError(
      `The stored credentials of connection '${owner.connection}' do not open: they were altered or copied from elsewhere. Provision the connection again.`,
      {
        code: 'config_invalid',
        kind: 'terminal',
      },
    );
  }
}
