import { createHash, randomBytes } from 'node:crypto';

const PREFIX = 'amcr_';
/** Shortest token an operator may choose (COLLECTOR_TOKEN); ours have 48 characters. */
export const MIN_TOKEN_LENGTH = 32;
const PLAUSIBLE = new RegExp(`^[\\x21-\\x7e]{${MIN_TOKEN_LENGTH},256}$`);

/** A new token: 256 random bits behind a prefix that secret scanners can look for. */
export const newToken = (): string => PREFIX + randomBytes(32).toString('base64url');

/** What is stored. 256 random bits need no slow hash, and a lookup by hash tells nothing by its timing. */
export const tokenHash = (token: string): Buffer => createHash('sha256').update(token).digest();

/** Whether it is worth asking the database about. */
export const isPlausibleToken = (token: string): boolean => PLAUSIBLE.test(token);
