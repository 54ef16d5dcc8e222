import type pg from 'pg';
import { VIEW_SCHEMA } from '../tables/views.ts';

/** Longest a stranger's query may compute; more than fifty times what the shipped datasets need for a week. */
export const STATEMENT_TIMEOUT_SECONDS = 60;

/** Functions that every login may call and that a query has no business with: they wait, lock, signal or change settings. */
const FORBIDDEN_FUNCTIONS = `
  SELECT format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', oid::regprocedure) AS statement FROM pg_proc
  WHERE pronamespace = 'pg_catalog'::regnamespace
    AND (proname ~ '^(pg_sleep|pg_advisory|pg_try_advisory|pg_notify|set_config|lo_|lo[a-z]+$|pg_terminate|pg_cancel|pg_read|pg_ls|pg_stat_get|pg_reload|pg_promote|pg_logical|pg_replication|pg_export|query_to_|table_to_|schema_to_|database_to_|cursor_to_|pg_get_|currval|nextval|setval|txid_|pg_current_|pg_log_|inet_|version$|pg_conf|pg_listening)')
    AND proname NOT IN ('log', 'lower')`;

/**
 * The second wall: whatever the check of the syntax tree lets through (sql/check.ts), this login can only select from the
 * views. It owns nothing, its transactions are read-only and end after a time, and the catalogue is closed to it.
 */
export async function restrictReader(owner: pg.Pool, reader: { database: string; role: string; password: string }): Promise<void> {
  const { database, role } = reader;
  const client = await owner.connect();
  try {
    await client.query('BEGIN');
    // Several sandboxes may start on one server at once (tests); roles are shared by all its databases.
    await client.query(`SELECT pg_advisory_xact_lock(hashtext('amc sandbox reader'))`);
    const { rowCount } = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [role]);
    if (rowCount === 0) await client.query(`CREATE ROLE ${role}`);
    await client.query(`
      ALTER ROLE ${role} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS CONNECTION LIMIT 8
        PASSWORD '${reader.password}';
      ALTER ROLE ${role} SET default_transaction_read_only = on;
      ALTER ROLE ${role} SET statement_timeout = '${STATEMENT_TIMEOUT_SECONDS}s';
      ALTER ROLE ${role} SET idle_in_transaction_session_timeout = '30s';
      ALTER ROLE ${role} SET temp_file_limit = '1GB';
      ALTER ROLE ${role} SET work_mem = '32MB';
      ALTER ROLE ${role} SET jit = off;
      -- Counting distinct users group by group sorts numbers; presorting sorts them with all the group's texts: 700 against 430 ms for a week.
      ALTER ROLE ${role} SET enable_presorted_aggregate = off;
      -- What passes a view's settings cannot be estimated, one row is assumed and looked up row by row: published queries that
      -- join people to their conversions ran into the time limit, and take a second so. Where nothing is equal it is used all the same.
      ALTER ROLE ${role} SET enable_nestloop = off;
      ALTER ROLE ${role} SET search_path = ${VIEW_SCHEMA};
      ALTER ROLE ${role} SET timezone = 'UTC';
      ALTER ROLE ${role} SET datestyle = 'ISO';
      REVOKE ALL ON DATABASE ${database} FROM PUBLIC;
      GRANT CONNECT ON DATABASE ${database} TO ${role};
      REVOKE ALL ON SCHEMA public FROM PUBLIC;
      REVOKE ALL ON ALL TABLES IN SCHEMA pg_catalog FROM PUBLIC;
      REVOKE ALL ON ALL TABLES IN SCHEMA information_schema FROM PUBLIC;
      REVOKE USAGE ON SCHEMA information_schema FROM PUBLIC;
      REVOKE USAGE ON LANGUAGE plpgsql FROM PUBLIC;
      GRANT USAGE ON SCHEMA ${VIEW_SCHEMA} TO ${role};
      GRANT SELECT ON ALL TABLES IN SCHEMA ${VIEW_SCHEMA} TO ${role};`);
    const { rows } = await client.query<{ statement: string }>(FORBIDDEN_FUNCTIONS);
    await client.query(rows.map((row) => row.statement).join(';'));
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}
