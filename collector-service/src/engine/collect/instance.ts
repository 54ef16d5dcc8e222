import { CollectorError } from '../../contract/error.ts';
import type { Scope } from '../../ground/context.ts';
import type { Tx } from '../../ground/database.ts';

/** An AMC instance as planning needs it. */
export interface InstanceRow {
  id: string;
  workspaceId: string;
  amcInstanceId: string;
  name: string;
  accountId: string;
  timeZone: string;
  advertiserTypes: string[];
  currencies: string[];
  /** False for an instance of imported data alone: there is nobody to ask for more. */
  connected: boolean;
}

/** An instance of the scope by Amazon's id. @throws CollectorError not_found, which also stands for "not yours" */
export async function findInstance(tx: Tx, scope: Scope, amcInstanceId: string): Promise<InstanceRow> {
  const { rows } = await tx.query<InstanceRow>(
    `SELECT id, workspace_id AS "workspaceId", amc_instance_id AS "amcInstanceId", name, account_id AS "accountId", time_zone AS "timeZone",
            advertiser_types AS "advertiserTypes", currencies, connection_id IS NOT NULL AS connected
     FROM instances WHERE workspace_id = $1 AND amc_instance_id = $2 AND ($3::bigint[] IS NULL OR id = ANY ($3))`,
    [scope.workspaceId, amcInstanceId, scope.instanceIds],
  );
  if (rows[0]) return rows[0];
  throw new CollectorError('not_found', `There is no AMC instance '${amcInstanceId}' here. ${await whatThereIs(tx, scope)}`);
}

/** For whoever named one that is not here: `collector check` needs no database, so it may know instances that nobody has provisioned. */
async function whatThereIs(tx: Tx, { workspaceId, instanceIds }: Scope): Promise<string> {
  const { rows } = await tx.query<{ name: string }>(
    `SELECT amc_instance_id AS name FROM instances WHERE workspace_id = $1 AND ($2::bigint[] IS NULL OR id = ANY ($2)) ORDER BY 1 LIMIT 6`,
    [workspaceId, instanceIds],
  );
  const names = rows.map(({ name }) => name);
  const known =
    names.length === 0 ? 'There is none yet' : `There are ${names.slice(0, 5).join(', ')}${names.length > 5 ? ' and more' : ''}`;
  return `${known}. Instances of provisioning/amc are made when the collector starts (npm start, or collector serve); one for imported data alone is made by: collector instance create NAME --time-zone ZONE.`;
}

/** @throws CollectorError config_invalid when nobody can be asked for the instance's data */
export function assertConnected({ amcInstanceId, connected }: InstanceRow): void {
  if (connected) return;
  throw new CollectorError(
    'config_invalid',
    `Instance ${amcInstanceId} has no connection to Amazon: its data is only imported. To collect, name it with its connection in provisioning/amc.`,
    { status: 400 },
  );
}
