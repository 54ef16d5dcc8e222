import type { Tx } from '../../../ground/database.ts';

/**
 * Takes every open run out of the hands that held it when the back-up was taken. No fence that the collector gave out before or after
 * is ever valid again, even if one of its workers still lives and comes back to this address. And since that collector went on for a
 * while, it may have bought what is in line here: whoever is about to buy first looks for an execution created since.
 * @param takenAt the database's clock when the back-up was taken
 */
export async function takeBackRuns(tx: Tx, takenAt: string, leap: number): Promise<void> {
  await tx.query(
    `UPDATE week_runs SET fence = fence + $2, lease_until = NULL, lease_owner = NULL, looked_at = NULL,
            look_since = least(look_since, CASE state WHEN 'creating' THEN create_attempted_at END, $1),
            create_attempted_at = CASE state WHEN 'creating' THEN NULL ELSE create_attempted_at END
      WHERE state IN ('planned', 'creating', 'running', 'downloading', 'merging')`,
    [takenAt, leap],
  );
}

export async function workspaceIds(tx: Tx): Promise<string[]> {
  return (await tx.query<{ id: string }>('SELECT id::text FROM workspaces ORDER BY id')).rows.map(({ id }) => id);
}
