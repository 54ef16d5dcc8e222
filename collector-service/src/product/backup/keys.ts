import { existsSync } from 'node:fs';
import { copyFile, constants, mkdir, rm } from 'node:fs/promises';
import { dirname, resolve, sep } from 'node:path';
import { CollectorError } from '../../contract/error.ts';
import { Keyring } from '../../data/connect/keyring.ts';
import { explainDisk } from './disk.ts';
import type { Manifest } from './manifest.ts';

/** Where this installation has its keys. */
export interface KeyPlace {
  /** ENCRYPTION_KEY, which goes before the file. */
  readonly encryptionKey: string | undefined;
  readonly keyFile: string;
}

/** @throws CollectorError invalid_request when the copy of the key would lie in the back-up, or there is no file to copy */
export function assertKeyCopy({ encryptionKey, keyFile }: KeyPlace, copy: string, directory: string): void {
  if (encryptionKey !== undefined) throw refused('The keys come from ENCRYPTION_KEY: keep its value yourself, apart from the back-up.');
  if (!existsSync(keyFile)) throw refused(`There is no key file ${keyFile}.`);
  if (`${resolve(copy)}${sep}`.startsWith(`${resolve(directory)}${sep}`))
    throw refused('The key must lie apart from the back-up: whoever has both can read the credentials.');
}

/** Readable by its owner only; never over another file. */
export async function copyKey(from: string, to: string): Promise<void> {
  try {
    await mkdir(dirname(to), { recursive: true, mode: 0o700 });
    // Mode and all: key files are their owner's alone.
    await copyFile(from, to, constants.COPYFILE_EXCL);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw explainDisk(error, to);
    throw new CollectorError('conflict', `${to} exists already; a key is never overwritten. Choose another place.`);
  }
}

/** Where the keys of a back-up are, for whoever made it. */
export const whereKeysAre = ({ encryptionKey, keyFile }: KeyPlace): string =>
  encryptionKey === undefined ? `the file ${keyFile}` : 'the variable ENCRYPTION_KEY';

/**
 * Makes sure that the credentials in a back-up will open: by the keys of this installation, or by a key file that takes its place.
 * @returns takes the placed key file away again, for a restore that fails
 * @throws CollectorError config_invalid naming the keys that are missing
 */
export async function placeKeys(place: KeyPlace, { keys }: Manifest, keyToUse: string | undefined): Promise<() => Promise<void>> {
  if (keyToUse !== undefined && (place.encryptionKey !== undefined || existsSync(place.keyFile)))
    throw refused(`This installation has its keys already, in ${whereKeysAre(place)}. Add the old ones there, or leave --key out.`);
  const atHand = keysIn(keyToUse === undefined ? place : { encryptionKey: undefined, keyFile: keyToUse });
  const missing = keys.filter(({ id }) => !atHand.includes(id));
  if (missing.length > 0) throw missingKeys(missing, place);
  if (keyToUse === undefined) return async () => undefined;
  await copyKey(keyToUse, place.keyFile);
  return () => rm(place.keyFile, { force: true });
}

function keysIn({ encryptionKey, keyFile }: KeyPlace): readonly string[] {
  if (encryptionKey !== undefined) return Keyring.parse(encryptionKey, 'ENCRYPTION_KEY').ids;
  return existsSync(keyFile) ? Keyring.ofFile(keyFile).ids : [];
}

function missingKeys(missing: Manifest['keys'], place: KeyPlace): CollectorError {
  const ids = missing.map(({ id, secrets }) => `${id} (${secrets} ${secrets === 1 ? 'secret' : 'secrets'})`).join(', ');
  const message =
    `The back-up's credentials are protected by keys that are not at hand: ${ids}. Set ENCRYPTION_KEY to the old value, or give the old ` +
    `key file with --key (it becomes ${place.keyFile}). If it is lost, --without-key restores all the rest, and credentials have to be entered again.`;
  return new CollectorError('config_invalid', message);
}

const refused = (message: string): CollectorError => new CollectorError('invalid_request', message);
