import { randomBytes } from 'node:crypto';
import { access, chown, constants, mkdir, readFile, realpath, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Where root keeps what an unprivileged server must reach. Not under /tmp, which is emptied. */
const SYSTEM_DIRECTORY = '/var/lib/amc-reports';
const POINTER = 'location';

/**
 * The directory that really holds a server's files. Mostly it is the one asked for. Under root it may lie where the server's
 * unprivileged account cannot go (a checkout under /root, mode 700): then the data lies under /var/lib/amc-reports and a file named
 * `location` points there, so that deleting the directory asked for still means starting anew.
 */
export async function placeData(dataDir: string): Promise<string> {
  await mkdir(dataDir, { recursive: true });
  const directory = await realpath(dataDir);
  if (process.getuid?.() !== 0 || (await isReachable(directory))) return directory;
  const pointer = join(directory, POINTER);
  const known = await readFile(pointer, 'utf8').catch(() => undefined);
  const place = known?.trim() || join(SYSTEM_DIRECTORY, `data-${randomBytes(6).toString('hex')}`);
  await mkdir(place, { recursive: true, mode: 0o755 });
  if (known === undefined) await writeFile(pointer, `${place}\n`);
  return place;
}

/** Where root puts a copy of the binaries. */
export const sharedBinaries = (version: string): string => join(SYSTEM_DIRECTORY, `postgres-${version}`);

/** Every directory on the way can be passed by everyone. */
export async function isReachable(path: string): Promise<boolean> {
  for (let at = path; ; at = dirname(at)) {
    const { mode } = await stat(at);
    if ((mode & 0o001) === 0) return false;
    if (at === dirname(at)) return true;
  }
}

export const exists = (path: string): Promise<boolean> =>
  access(path, constants.F_OK).then(
    () => true,
    () => false,
  );

/** Gives a path to the server's account when that is another one. */
export async function handOver(path: string, { uid, gid }: { uid?: number; gid?: number }): Promise<void> {
  if (uid !== undefined && gid !== undefined) await chown(path, uid, gid);
}
