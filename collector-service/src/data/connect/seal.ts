import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { Keyring } from './keyring.ts';

/** As a secret lies in the database. */
export interface Sealed {
  readonly keyId: string;
  readonly nonce: Buffer;
  /** Ciphertext followed by the 16-byte tag. */
  readonly ciphertext: Buffer;
}

const TAG_BYTES = 16;

/** Encrypts with AES-256-GCM under the newest key and a fresh nonce. `boundTo` says whose it is: a seal copied to another row does not open. */
export function seal(keyring: Keyring, boundTo: Buffer, content: string): Sealed {
  const { id, bytes } = keyring.current;
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', bytes, nonce).setAAD(boundTo);
  return { keyId: id, nonce, ciphertext: Buffer.concat([cipher.update(content, 'utf8'), cipher.final(), cipher.getAuthTag()]) };
}

/** @throws CollectorError config_invalid when the key is not at hand; any other error when the seal was altered or belongs elsewhere */
export function unseal(keyring: Keyring, boundTo: Buffer, sealed: Sealed): string {
  const { bytes } = keyring.find(sealed.keyId);
  const body = sealed.ciphertext.subarray(0, -TAG_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', bytes, sealed.nonce, { authTagLength: TAG_BYTES }).setAAD(boundTo);
  decipher.setAuthTag(sealed.ciphertext.subarray(-TAG_BYTES));
  return decipher.update(body, undefined, 'utf8') + decipher.final('utf8');
}
