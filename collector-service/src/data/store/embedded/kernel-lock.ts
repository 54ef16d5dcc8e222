import { closeSync, constants, openSync } from 'node:fs';
// @ts-expect-error The package brings no types.
import { tryLock as untyped } from 'fs-native-extensions';
import { CollectorError } from '../../../contract/error.ts';

/** The kernel's exclusive lock on an open file; false when another open file has it. Throws what the kernel says, with a `code`. */
const tryLock = untyped as (descriptor: number) => boolean;

/** What file systems answer that keep no locks. */
const WITHOUT_LOCKS = new Set(['ENOLCK', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EINVAL']);

/**
 * Takes the kernel's lock on a file, made when it is missing. Every process that was handed the descriptor holds the lock, whatever
 * namespace it lives in, and it goes with the last of them, however that ends: nothing is ever left to tidy up. The file must not be
 * removed: whoever makes it anew gets a lock of its own.
 * @returns the descriptor to keep open, undefined when somebody else holds the lock
 * @throws CollectorError config_invalid where the file system keeps no locks
 */
export function tryKernelLock(path: string): number | undefined {
  const descriptor = openSync(path, constants.O_RDWR | constants.O_CREAT, 0o644);
  let taken = false;
  try {
    taken = tryLock(descriptor);
  } catch (error) {
    if (!WITHOUT_LOCKS.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
    const message = `The file system of ${path} keeps no locks, so nothing would stop a second database on the same files. Put the data directory on a local disk, or set DATABASE_URL.`;
    throw new CollectorError('config_invalid', message, { cause: error });
  } finally {
    if (!taken) closeSync(descriptor);
  }
  return taken ? descriptor : undefined;
}
