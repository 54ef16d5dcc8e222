import { join } from 'node:path';
import { Command } from 'commander';
import { addKeyToFile, openKeyring } from '../../data/connect/keyring.ts';
import { listKeys, rotateKeys } from '../../data/connect/rotate-keys.ts';
import { CollectorError } from '../../contract/error.ts';
import { COMMAND_LINE } from './recorded.ts';
import { runOnDatabase } from './run.ts';
import { textTable } from './table.ts';
import { writeAudit } from '../../ground/audit.ts';

export const keysCommand = (): Command =>
  new Command('keys').description('The keys that protect stored credentials').addCommand(list()).addCommand(rotate());

const list = () =>
  new Command('list').description('Ids of the keys and how many secrets each protects; never a key').action(async () => {
    process.exitCode = await runOnDatabase(async ({ store, keyring }, { out }) => {
      const keys = await listKeys(store.pool, keyring);
      out(
        textTable(
          ['key', 'secrets', ''],
          keys.map(({ id, secrets, role }) => [id, String(secrets), role === 'missing' ? 'MISSING: these secrets cannot be opened' : role]),
        ),
      );
      return keys.some(({ role }) => role === 'missing') ? 1 : 0;
    });
  });

const rotate = () =>
  new Command('rotate')
    .description('Encrypt everything that is stored under an older key with the newest one')
    .option('--new-key', 'first put a new key into the key file (not with ENCRYPTION_KEY)')
    .addHelpText(
      'after',
      `
With ENCRYPTION_KEY: put the new key first, the old ones after it, separated by commas; restart every process with it; then run this;
then take the old keys away. With the key file: --new-key does the first step, and running processes find the new key themselves.
May be interrupted at any time and run again.`,
    )
    .action(async ({ newKey }: { newKey?: boolean }) => {
      process.exitCode = await runOnDatabase(async (foundation, { config, signal, out }) => {
        let { keyring } = foundation;
        if (newKey === true) {
          if (config.encryptionKey !== undefined)
            throw new CollectorError(
              'invalid_request',
              'The keys come from ENCRYPTION_KEY: put a new one first there. Make one with: openssl rand -base64 32',
            );
          const keyFile = join(config.dataDir, 'encryption.key');
          await addKeyToFile(keyFile);
          keyring = await openKeyring({ keyFile });
        }
        const { id } = keyring.current;
        const { rotated, broken } = await rotateKeys(
          foundation.store,
          keyring,
          (tx, { workspaceId, subject, fromKey }) =>
            writeAudit(tx, { workspaceId, person: COMMAND_LINE, action: 'keys.rotate', subject, details: { fromKey, toKey: id } }),
          signal,
        );
        out(`${rotated} ${rotated === 1 ? 'secret is' : 'secrets are'} encrypted anew with key ${id}.`);
        for (const subject of broken) out(`Could not be opened with the keys at hand, and was left as it is: ${subject}`);
        const older = (await listKeys(foundation.store.pool, keyring)).filter(({ role, secrets }) => role === 'older' && secrets === 0);
        if (older.length > 0 && broken.length === 0)
          out(`Not needed any more: ${older.map((key) => key.id).join(', ')}. Old back-ups still need them.`);
        return broken.length > 0 ? 1 : 0;
      });
    });
