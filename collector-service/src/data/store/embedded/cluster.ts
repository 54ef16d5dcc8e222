import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CollectorError } from '../../../contract/error.ts';
import type { Account } from './account.ts';
import type { Binaries } from './binaries.ts';
import { handOver } from './location.ts';

/** PostgreSQL's own data directory, inside ours. */
export const clusterOf = (directory: string): string => join(directory, 'cluster');
const passwordFile = (directory: string): string => join(directory, 'password');

export const readPassword = async (directory: string): Promise<string> => (await readFile(passwordFile(directory), 'utf8')).trim();

/** @throws CollectorError config_invalid when the data was written by another major version */
export async function isInitialised(directory: string, majorVersion: string): Promise<boolean> {
  const version = (await readFile(join(clusterOf(directory), 'PG_VERSION'), 'utf8').catch(() => undefined))?.trim();
  if (version === undefined || version === majorVersion) return version !== undefined;
  const message = `The data in ${directory} was written by PostgreSQL ${version}, and the embedded one is ${majorVersion}. Use the version of this product that made it, or another data directory.`;
  throw new CollectorError('config_invalid', message);
}

/**
 * Makes a new cluster. It is made beside its place and moved there when it is whole: a start that was interrupted leaves nothing
 * that looks like data. Text sorts by code point and upper and lower case follow Unicode, on every system alike.
 */
export async function initialiseCluster(directory: string, binaries: Binaries, account: Account): Promise<void> {
  const draft = join(directory, 'cluster.new');
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { mode: 0o700 });
  await handOver(draft, account);
  await writeFile(passwordFile(directory), `${randomBytes(24).toString('hex')}\n`, { mode: 0o600 });
  await chmod(passwordFile(directory), 0o600);
  await handOver(passwordFile(directory), account);
  await runInitdb(binaries.initdb, draft, passwordFile(directory), account);
  await rename(draft, clusterOf(directory));
}

function runInitdb(initdb: string, cluster: string, password: string, account: Account): Promise<void> {
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const flags = [`--pgdata=${cluster}`, '--username=postgres', `--pwfile=${password}`, '--auth=scram-sha-256', ...locale];
  return new Promise((resolve, reject) => {
    const child = spawn(initdb, flags, { ...account, cwd: '/', stdio: ['ignore', 'ignore', 'pipe'], timeout: 120_000 });
    let output = '';
    child.stderr.on('data', (bytes: Buffer) => (output = (output + bytes.toString()).slice(-2000)));
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) return resolve();
      const message = `The embedded database could not be created (initdb ended with ${code}): ${output.trim()}`;
      reject(new CollectorError('database_unavailable', message, { kind: 'terminal' }));
    });
  });
}
