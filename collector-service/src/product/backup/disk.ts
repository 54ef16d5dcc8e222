import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { CollectorError } from '../../contract/error.ts';

export const TABLES = 'tables';

/** Makes the folder of a new back-up, for its owner only. @throws CollectorError conflict when there is something in it */
export async function takeEmptyDirectory(directory: string): Promise<void> {
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const there = await readdir(directory);
    if (there.length > 0) {
      const what = there.includes('manifest.json') ? 'a back-up already' : `something already (${there.slice(0, 3).join(', ')})`;
      throw new CollectorError(
        'conflict',
        `${directory} holds ${what}. Back up into a new or empty directory; nothing is ever overwritten.`,
      );
    }
    await mkdir(join(directory, TABLES), { mode: 0o700 });
  } catch (error) {
    throw explainDisk(error, directory);
  }
}

/** Leaves the folder empty, as it was found. */
export async function emptyDirectory(directory: string): Promise<void> {
  await rm(join(directory, TABLES), { recursive: true, force: true });
  for (const name of ['manifest.json', 'manifest.json.partial']) await rm(join(directory, name), { force: true });
}

/** An error of the disk as one that a person can act on; any other as it is. */
export function explainDisk(error: unknown, path: string): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new CollectorError(
      'disk_full',
      `The disk of ${path} is full. Nothing was left there; free some space, or choose another disk.`,
      {
        cause: error,
      },
    );
  if (code !== undefined && ['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EISDIR', 'EIO'].includes(code))
    return new CollectorError(
      'invalid_request',
      `${path} cannot be used: ${message}. Choose another place, or correct its owner and rights.`,
      {
        cause: error,
      },
    );
  return error;
}
