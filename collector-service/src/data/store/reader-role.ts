import type pg from 'pg';
import { CollectorError } from '../../contract/error.ts';

/** The role every read for a caller runs under: it owns nothing, cannot log in and cannot pass by row-level security. */
export const READER_ROLE = 'amc_reports_reader';

interface RoleState {
  login: string;
  role_exists: boolean;
  too_strong: boolean;
  usable: boolean;
  may_create: boolean;
}

/**
 * Makes sure that the reader role exists, is harmless and can be put on by our login. Roles belong to the whole server,
 * so another database's collector may be doing the same: whoever comes second finds it done.
 * @throws CollectorError config_invalid with the commands for an administrator when our login may not create roles
 */
export async function ensureReaderRole(db: pg.PoolClient): Promise<void> {
  const before = await readRoleState(db);
  if (!before.role_exists) {
    if (!before.may_create) throw tellAdministrator(before);
    await createReaderRole(db);
  }
  let state = await readRoleState(db);
  if (!state.usable) {
    await grantReaderRole(db).catch(() => undefined);
    state = await readRoleState(db);
  }
  if (!state.usable) throw tellAdministrator(state);
  if (state.too_strong) {
    const message = `Role ${READER_ROLE} may do more than read: run ALTER ROLE ${READER_ROLE} NOSUPERUSER NOBYPASSRLS NOLOGIN NOCREATEROLE NOCREATEDB as an administrator.`;
    throw new CollectorError('config_invalid', message);
  }
}

async function readRoleState(db: pg.PoolClient): Promise<RoleState> {
  const { rows } = await db.query<RoleState>(
    `SELECT current_user AS login, r.oid IS NOT NULL AS role_exists,
            -- Citus connects its machines to each other as the role of the statement, which therefore must be able to log in there. Roles
            -- are the whole server's: Citus may be at work in another database of it, while its library and settings are in all of them.
            coalesce(r.rolsuper OR r.rolbypassrls OR (r.rolcanlogin AND NOT EXISTS (SELECT FROM pg_settings WHERE name = 'citus.shard_count')) OR r.rolcreaterole OR r.rolcreatedb, false) AS too_strong,
            coalesce(pg_has_role(current_user, r.oid, 'SET'), false) AS usable,
            me.rolsuper OR me.rolcreaterole AS may_create
       FROM pg_roles me LEFT JOIN pg_roles r ON r.rolname = $1
      WHERE me.rolname = current_user`,
    [READER_ROLE],
  );
  return rows[0]!;
}

const createReaderRole = (db: pg.PoolClient) =>
  db.query(`
    DO $$ BEGIN
      CREATE ROLE ${READER_ROLE} NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB NOINHERIT;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
    END $$`);

/** SET alone: our login may put the role on, and gains nothing by it otherwise. */
const grantReaderRole = (db: pg.PoolClient) => db.query(`GRANT ${READER_ROLE} TO CURRENT_USER WITH SET TRUE, INHERIT FALSE`);

function tellAdministrator({ login, role_exists: exists }: RoleState): CollectorError {
  const quoted = `"${login.replaceAll('"', '""')}"`;
  const commands = `${exists ? '' : `CREATE ROLE ${READER_ROLE} NOLOGIN NOBYPASSRLS; `}GRANT ${READER_ROLE} TO ${quoted};`;
  const message = `The database login '${login}' may not ${exists ? 'put on the role' : 'create the role'} ${READER_ROLE}, under which callers' questions are answered. Ask the database's administrator to run: ${commands} Then start again.`;
  return new CollectorError('config_invalid', message, { details: { commands } });
}
