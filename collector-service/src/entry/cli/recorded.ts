import type pg from 'pg';
import type { Store } from '../../data/store/store.ts';
import { writeAudit } from '../../ground/audit.ts';

/** Whom the record names for what a command did: whoever may open the database. */
export const COMMAND_LINE = 'command line';

/** A change by command and its record, in one transaction. */
export const recorded = <T>(
  { store }: { readonly store: Store },
  entry: { readonly workspaceId: string; readonly action: string; readonly subject: string; readonly details?: Record<string, unknown> },
  change: (tx: pg.PoolClient) => Promise<T>,
): Promise<T> =>
  store.transaction(async (tx) => {
    const result = await change(tx);
    await writeAudit(tx, { ...entry, person: COMMAND_LINE });
    return result;
  });
