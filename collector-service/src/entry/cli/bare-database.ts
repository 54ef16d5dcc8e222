import { openDatabase } from '../../database.ts';
import { openStore, type Store } from '../../data/store/store.ts';
import { COMMAND_LINE } from './recorded.ts';
import type { CommandContext } from './run.ts';
import type { BackupContext } from '../../product/backup/context.ts';

/** The database as it is: not migrated, and nothing is made in it. */
export async function openBareDatabase({ config, logger, lifecycle, signal }: CommandContext): Promise<BackupContext & { store: Store }> {
  // One transaction over minutes, and locks of a session: PostgreSQL itself, not its pooler.
  const { url, directUrl } = await openDatabase({ config, logger, lifecycle, signal });
  const store = await openStore(directUrl ?? url, {
    maxConnections: 4,
    applicationName: 'amc-backup',
    logger,
    signal,
  });
  lifecycle.started('database connections', () => store.close());
  return { store, logger, signal, actor: COMMAND_LINE };
}
