import type { Pool } from 'pg';

export async function selectWorkspaceIds(pool: Pool): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>('SELECT id::text FROM workspaces ORDER BY id');
  return rows.map(({ id }) => id);
}
