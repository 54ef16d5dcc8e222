import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { CollectorError } from '../../contract/error.ts';

const KEY_BYTES = 32;

interface Key {
  /** First 8 hex digits of the key's SHA-256: says which key, and nothing about it. */
  readonly id: string;
  readonly bytes: Buffer;
}

/** The keys that protect stored credentials. The first one encrypts, all of them decrypt, so that a key can be replaced. */
export class Keyring {
  #keys: readonly Key[];
  readonly #reload: (() => readonly Key[]) | undefined;

  private constructor(keys: readonly Key[], reload?: () => readonly Key[]) {
    this.#keys = keys;
    this.#reload = reload;
  }

  /**
   * From base64 keys of 32 bytes, separated by commas, the newest first.
   * @throws CollectorError config_invalid, never with any part of the text
   */
  static parse(text: string, where: string): Keyring {
    return new Keyring(Keyring.#read(text, where));
  }

  /** The keys of a file, which is read again when a key is asked for that it did not hold: another process may have added one. */
  static ofFile(path: string): Keyring {
    const read = () => Keyring.#read(readFileSync(path, 'utf8'), `The key file ${path}`);
    return new Keyring(read(), read);
  }

  static #read(text: string, where: string): readonly Key[] {
    const keys = text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '')
      .map((part, index) => {
        const bytes = Buffer.from(part, 'base64');
        const whole = /^[A-Za-z0-9+/_-]+={0,2}$/.test(part) && bytes.length === KEY_BYTES;
        if (!whole)
          throw new CollectorError(
            'config_invalid',
            `${where}: key ${index + 1} is not ${KEY_BYTES} bytes in base64. Make one with: openssl rand -base64 ${KEY_BYTES}`,
          );
        return { id: createHash('sha256').update(bytes).digest('hex').slice(0, 8), bytes };
      });
    if (keys.length === 0)
      throw new CollectorError('config_invalid', `${where} holds no key. Make one with: openssl rand -base64 ${KEY_BYTES}`);
    return keys;
  }

  get current(): Key {
    return this.#keys[0]!;
  }

  /** Of all keys at hand, the newest first. */
  get ids(): readonly string[] {
    return this.#keys.map((each) => each.id);
  }

  /** @throws CollectorError config_invalid when the key is not at hand */
  find(id: string): Key {
    if (this.#reload && !this.ids.includes(id)) this.#keys = this.#reload();
    const key = this.#keys.find((each) => each.id === id);
    if (key === undefined) {
      throw new CollectorError(
        'config_invalid',
        `The stored credentials were encrypted with key ${id}, and ENCRYPTION_KEY or the key file holds ${this.ids.join(', ')}. Set the key they were stored with, or provision the connection again.`,
      );
    }
    return key;
  }
}

/**
 * The keys from ENCRYPTION_KEY, or else from the key file, which is made (readable by its owner only) when there is none.
 * Two processes that start at once agree on one file.
 */
export async function openKeyring(settings: { readonly encryptionKey?: string | undefined; readonly keyFile: string }): Promise<Keyring> {
  if (settings.encryptionKey !== undefined) return Keyring.parse(settings.encryptionKey, 'ENCRYPTION_KEY');
  await createKeyFile(settings.keyFile);
  return Keyring.ofFile(settings.keyFile);
}

/**
 * Puts a new key before those of the key file; what is stored under the others still opens. The file is replaced in one step, and
 * readable by its owner only. Running processes read it again when they meet the new key.
 */
export async function addKeyToFile(path: string): Promise<void> {
  await writeAside(path, `${newKey()},\n${await readFile(path, 'utf8')}`, (aside) => rename(aside, path));
}

/** The file appears whole or not at all: a process that starts at the same time, or after a crash, never reads one without a key. */
async function createKeyFile(path: string): Promise<void> {
  if (existsSync(path)) return;
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  try {
    await writeAside(path, `${newKey()}\n`, (aside) => link(aside, path));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

const newKey = () => randomBytes(KEY_BYTES).toString('base64');

/** Writes a file for its owner only beside the path, on the disk before `publish` gives it its name. */
async function writeAside(path: string, text: string, publish: (aside: string) => Promise<void>): Promise<void> {
  const aside = `${path}.${randomBytes(6).toString('hex')}.new`;
  try {
    await writeFile(aside, text, { flag: 'wx', mode: 0o600, flush: true });
    await publish(aside);
  } finally {
    await rm(aside, { force: true });
  }
}
