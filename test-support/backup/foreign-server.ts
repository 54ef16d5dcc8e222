import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { startMortalPostgres, type MortalPostgres } from '../crash/mortal-postgres.ts';
import { withLogin } from '../store/login.ts';

/** Another server, on another port: without our role, and with logins of other names that are no superusers. */
export interface ForeignServer extends MortalPostgres {
  /** The address of a new, empty database under the login that owns it. */
  newDatabase(): Promise<string>;
}

export async function startForeignServer(): Promise<ForeignServer> {
  const postgres = await startMortalPostgres();
  return {
    ...postgres,
    async newDatabase() {
      const name = `foreign_${randomBytes(5).toString('hex')}`;
      const client = new pg.Client(postgres.adminUrl);
      await client.connect();
      await client.query(`CREATE ROLE ${name} LOGIN PASSWORD 'x' CREATEROLE`);
      await client.query(`CREATE DATABASE ${name} OWNER ${name}`);
      // Roles belong to the server: a second database's owner must be let in to the reader role as an administrator would.
      await client.query(`DO $$ BEGIN
        IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'amc_reports_reader') THEN GRANT amc_reports_reader TO ${name}; END IF;
      END $$`);
      await client.end();
      return withLogin(postgres.adminUrl, name, name);
    },
  };
}
