import type pg from 'pg';
import type { AmcInstanceRef } from '../amc/transport.ts';
import { CollectorError } from '../../contract/error.ts';

type Db = pg.Pool | pg.PoolClient;

/** A stored AMC instance: everything a client and a dataset's SQL need to know of it. */
export interface StoredInstance {
  /** Decimal id, in every table of ours. */
  readonly id: string;
  readonly workspaceId: string;
  /** null for an instance of imported data alone. */
  readonly connectionId: string | null;
  /** What Amazon is told: instanceId is Amazon's. */
  readonly amc: AmcInstanceRef;
  readonly name: string;
  /** IANA name. */
  readonly timeZone: string;
  readonly advertiserTypes: readonly string[];
  readonly currencies: readonly string[];
}
export interface NewInstance extends Omit<StoredInstance, 'id'> {
  /** Executions per UTC day at most; the collector's setting when left out. */
  readonly executionsPerDay?: number | undefined;
}

interface Row {
  id: string;
  workspace_id: string;
  connection_id: string | null;
  amc_instance_id: string;
  name: string;
  account_id: string;
  marketplace_id: string;
  time_zone: string;
  advertiser_types: string[];
  currencies: string[];
}
const COLUMNS =
  'id::text, workspace_id::text, connection_id::text, amc_instance_id, name, account_id, marketplace_id, time_zone, advertiser_types, currencies';

const fromRow = (row: Row): StoredInstance => ({
  id: row.id,
  workspaceId: row.workspace_id,
  connectionId: row.connection_id,
  amc: { instanceId: row.amc_instance_id, accountId: row.account_id, marketplaceId: row.marketplace_id },
  name: row.name,
  timeZone: row.time_zone,
  advertiserTypes: row.advertiser_types,
  currencies: row.currencies,
});

/** An instance by Amazon's id. */
export async function findInstance(db: Db, workspaceId: string, amcInstanceId: string): Promise<StoredInstance | null> {
  const { rows } = await db.query<Row>(`SELECT ${COLUMNS} FROM instances WHERE workspace_id = $1 AND amc_instance_id = $2`, [
    workspaceId,
    amcInstanceId,
  ]);
  return rows[0] === undefined ? null : fromRow(rows[0]);
}

/** An instance by our id. @throws CollectorError not_found */
export async function readInstance(db: Db, id: string): Promise<StoredInstance> {
  const { rows } = await db.query<Row>(`SELECT ${COLUMNS} FROM instances WHERE id = $1`, [id]);
  if (rows[0] === undefined) throw new CollectorError('not_found', `There is no instance ${id}.`);
  return fromRow(rows[0]);
}

/** Stores an instance under Amazon's id; returns our id and whether it was written. A row that would not change is left alone. */
export async function saveInstance(tx: pg.PoolClient, instance: NewInstance): Promise<{ id: string; written: boolean }> {
  const { workspaceId, connectionId, amc, name, timeZone, advertiserTypes, currencies, executionsPerDay = null } = instance;
  const address = [workspaceId, connectionId, amc.instanceId, name, amc.accountId, amc.marketplaceId];
  const values = [...address, timeZone, advertiserTypes, currencies, executionsPerDay];
  const { rowCount } = await tx.query(
    `INSERT INTO instances (workspace_id, connection_id, amc_instance_id, name, account_id, marketplace_id, time_zone, advertiser_types, currencies, executions_per_day)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
     ON CONFLICT (workspace_id, amc_instance_id) DO UPDATE
       SET connection_id = excluded.connection_id, name = excluded.name, account_id = excluded.account_id, marketplace_id = excluded.marketplace_id,
           time_zone = excluded.time_zone, advertiser_types = excluded.advertiser_types, currencies = excluded.currencies,
           executions_per_day = excluded.executions_per_day, updated_at = now()
       WHERE (instances.connection_id, instances.name, instances.account_id, instances.marketplace_id, instances.time_zone, instances.advertiser_types, instances.currencies,
              instances.executions_per_day)
         IS DISTINCT FROM (excluded.connection_id, excluded.name, excluded.account_id, excluded.marketplace_id, excluded.time_zone, excluded.advertiser_types, excluded.currencies,
              excluded.executions_per_day)`,
    values,
  );
  // RETURNING gives nothing for a row that was left alone.
  return { id: (await findInstance(tx, workspaceId, amc.instanceId))!.id, written: rowCount === 1 };
}

/** Whether weeks of the instance have been collected or planned: its time zone is then part of the data. */
export async function hasCollections(db: Db, instanceId: string): Promise<boolean> {
  const { rows } = await db.query<{ found: boolean }>(
    `SELECT EXISTS (SELECT FROM report_data_collections WHERE instance_id = $1) OR EXISTS (SELECT FROM report_data_weeks WHERE instance_id = $1) AS found`,
    [instanceId],
  );
  return rows[0]!.found;
}

/** Those of a workspace by Amazon's id, with the name of their connection; none for imported data alone. */
export async function listInstances(
  db: Db,
  workspaceId: string,
): Promise<(Pick<StoredInstance, 'name' | 'timeZone' | 'currencies'> & { instance: string; connection: string | null })[]> {
  const { rows } = await db.query<{ instance: string; name: string; timeZone: string; currencies: string[]; connection: string | null }>(
    `SELECT i.amc_instance_id AS instance, i.name, i.time_zone AS "timeZone", i.currencies, c.name AS connection
       FROM instances i LEFT JOIN connections c ON c.id = i.connection_id WHERE i.workspace_id = $1 ORDER BY 1`,
    [workspaceId],
  );
  return rows;
}
