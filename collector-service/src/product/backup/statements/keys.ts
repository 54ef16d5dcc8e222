import type { Tx } from '../../../ground/database.ts';
import type { Manifest } from '../manifest.ts';

/** Ids of the keys under which credentials are stored, and how many of them. */
export async function keysInUse(tx: Tx): Promise<Manifest['keys']> {
  const { rows } = await tx.query<Manifest['keys'][number]>(
    `SELECT id, count(*)::int AS secrets FROM (
       SELECT secret_key_id AS id FROM connections UNION ALL SELECT grafana_key_id FROM workspaces WHERE grafana_key_id IS NOT NULL) used
     GROUP BY id ORDER BY id`,
  );
  return rows;
}
