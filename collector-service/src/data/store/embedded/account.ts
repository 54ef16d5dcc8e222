import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { CollectorError } from '../../../contract/error.ts';

/** Who the server runs as; undefined ids mean: as we are. */
export interface Account {
  uid?: number;
  gid?: number;
}

/** In this order: the account made for the purpose, then the one that every system has. */
const UNPRIVILEGED = ['postgres', 'nobody'];

/**
 * PostgreSQL refuses to run as root; then an existing unprivileged account is taken (the one that owns the data already,
 * where there is data), and none is created: this is a user's machine.
 */
export async function chooseAccount(clusterDirectory: string): Promise<Account> {
  if (process.getuid?.() !== 0) return {};
  const existing = await stat(clusterDirectory).catch(() => undefined);
  if (existing && existing.uid !== 0) return { uid: existing.uid, gid: existing.gid };
  for (const name of UNPRIVILEGED) {
    const account = await findAccount(name);
    if (account) return account;
  }
  const message = `PostgreSQL does not run as root, and this system has none of the accounts ${UNPRIVILEGED.join(', ')}. Start as an ordinary user, or set DATABASE_URL.`;
  throw new CollectorError('config_invalid', message);
}

async function findAccount(name: string): Promise<Account | undefined> {
  const id = async (flag: string): Promise<number> => Number((await promisify(execFile)('id', [flag, name])).stdout);
  try {
    return { uid: await id('-u'), gid: await id('-g') };
  } catch {
    return undefined;
  }
}
