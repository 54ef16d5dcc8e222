import type { PoolClient } from 'pg';

export interface Setup {
  /** Of pg-boss's tables; null when there are none. */
  schemaVersion: number | null;
  /** Of the jobs for which they were prepared; null when they never were. */
  sha256: string | null;
}

export async function readSetup(db: PoolClient): Promise<Setup> {
  const { rows } = await db.query<{ made: boolean; sha256: string | null }>(
    `SELECT to_regclass('pgboss.version') IS NOT NULL AS made, (SELECT sha256 FROM job_setup) AS sha256`,
  );
  const { made, sha256 } = rows[0]!;
  if (!made) return { schemaVersion: null, sha256 };
  const version = await db.query<{ version: number }>('SELECT version FROM pgboss.version');
  return { schemaVersion: version.rows[0]!.version, sha256 };
}

export async function saveSetup(db: PoolClient, sha256: string): Promise<void> {
  await db.query(`WITH gone AS (DELETE FROM job_setup) INSERT INTO job_setup (sha256) VALUES ($1)`, [sha256]);
}
