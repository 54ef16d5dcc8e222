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
}

/** An instance of the scope by Amazon's id. @throws CollectorError not_found, which also stands for "not yours" */
export async function findInstance(tx: Tx, scope: Scope, amcInstanceId: string): Promise<InstanceRow> {
  const { rows } = await tx.query<InstanceRow>(
    `SELECT id, workspace_id AS "workspaceId", amc_instance_id AS "amcInstanceId", name, account_id AS "accountId", time_zone AS "timeZone",
            advertiser_types AS "advertiserTypes", currencies
     FROM instances WHERE workspace_id = $1 AND amc_instance_id = $2 AND ($3::bigint[] IS NULL OR id = ANY ($3))`,
    [scope.workspaceId, amcInstanceId, scope.instanceIds],
  );
  if (rows[0]) return rows[0];
  throw new CollectorError('not_found', `There is no AMC instance '${amcInstanceId}' here; see the instances of the catalogue.`);
}
