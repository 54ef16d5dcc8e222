import pg from 'pg';

/** Login and database of the collector on an embedded server. */
export const OWNER = 'amc_reports';
export const DATABASE = 'amc_reports';

/** The collector's login may make its tables and the reader role, and is no superuser: row-level security holds for it as anywhere else. */
export async function ensureOwner(adminUrl: string, password: string): Promise<void> {
  const admin = new pg.Client({ connectionString: adminUrl, connectionTimeoutMillis: 10_000 });
  await admin.connect();
  try {
    const { rows } = await admin.query<{ role: boolean; database: boolean }>(
      `SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1) AS role, EXISTS (SELECT FROM pg_database WHERE datname = $2) AS database`,
      [OWNER, DATABASE],
    );
    if (!rows[0]!.role) await admin.query(`CREATE ROLE ${OWNER} LOGIN CREATEROLE CREATEDB PASSWORD ${admin.escapeLiteral(password)}`);
    if (!rows[0]!.database) await admin.query(`CREATE DATABASE ${DATABASE} OWNER ${OWNER}`);
  } finally {
    await admin.end();
  }
}
