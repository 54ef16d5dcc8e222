import { z } from 'zod';
import { CollectorError } from '../../contract/error.ts';
import type { Keyring } from './keyring.ts';
import { seal, unseal, type Sealed } from './seal.ts';
import { Secret } from '../../ground/secret.ts';

/** What a connection keeps to itself. */
export interface ConnectionSecrets {
  readonly clientSecret: Secret;
  readonly refreshToken: Secret;
}

/** As it lies in the database. */
export type SealedSecrets = Sealed;

/** Whose secrets they are; bound into the seal, so that a sealed value copied to another row does not open. */
export interface SecretOwner {
  readonly workspaceId: string;
  readonly connection: string;
}

const boundTo = (owner: SecretOwner): Buffer => Buffer.from(JSON.stringify(['connection', owner.workspaceId, owner.connection]));
const contentSchema = z.object({ clientSecret: z.string(), refreshToken: z.string() });

/** Encrypts a connection's secrets under the newest key. */
export const sealSecrets = (keyring: Keyring, owner: SecretOwner, { clientSecret, refreshToken }: ConnectionSecrets): SealedSecrets =>
  seal(keyring, boundTo(owner), JSON.stringify({ clientSecret: clientSecret.reveal(), refreshToken: refreshToken.reveal() }));

/** @throws CollectorError config_invalid when the key is unknown or the sealed value was altered or belongs to another connection */
export function openSecrets(keyring: Keyring, owner: SecretOwner, sealed: SealedSecrets): ConnectionSecrets {
  try {
    const content = contentSchema.parse(JSON.parse(unseal(keyring, boundTo(owner), sealed)));
    return { clientSecret: new Secret(content.clientSecret), refreshToken: new Secret(content.refreshToken) };
  } catch (error) {
    if (error instanceof CollectorError) throw error;
    // No cause: what failed to open must not travel in an error.
    throw new CollectorError(
      'config_invalid',
      `The stored credentials of connection '${owner.connection}' do not open: they were altered or copied from elsewhere. Provision the connection again.`,
    );
  }
}
