import { writeAudit } from '../../ground/audit.ts';
import type { Tx } from '../../ground/database.ts';
import type { Manifest } from './manifest.ts';
import { workspaceIds } from './statements/runs.ts';

/** A back-up and a restore concern every workspace of the database: each has it on its record. */
export async function recordInEach(
  tx: Tx,
  person: string,
  action: 'database.backup' | 'database.restore',
  { id, takenAt, version }: Pick<Manifest, 'id' | 'takenAt' | 'version'>,
  details: Record<string, unknown>,
): Promise<void> {
  for (const workspaceId of await workspaceIds(tx))
    await writeAudit(tx, {
      workspaceId,
      person,
      action,
      subject: `back-up of ${takenAt}`,
      details: { backup: id, madeBy: version, ...details },
    });
}
