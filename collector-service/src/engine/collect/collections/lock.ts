import type { IsoDate } from '../../../ground/calendar/week.ts';
import type { Scope } from '../../../ground/context.ts';
import type { Tx } from '../../../ground/database.ts';
import type { CollectionState } from '../states.ts';

export interface LockedCollection {
  id: string;
  workspaceId: string;
  instanceId: string;
  name: string;
  state: CollectionState;
  stopReason: string | null;
  firstWeek: IsoDate;
  lastWeek: IsoDate;
}

/** A collection of the scope, locked so that two decisions about it come one after the other. */
export async function lockCollection(tx: Tx, scope: Scope, id: string): Promise<LockedCollection | undefined> {
  const { rows } = await tx.query<LockedCollection>(
    `SELECT id, workspace_id AS "workspaceId", instance_id AS "instanceId", name, state, stop_reason AS "stopReason",
            first_week::text AS "firstWeek", last_week::text AS "lastWeek"
     FROM report_data_collections
     WHERE id = $1 AND workspace_id = $2 AND ($3::bigint[] IS NULL OR instance_id = ANY ($3))
     FOR UPDATE`,
    [id, scope.workspaceId, scope.instanceIds],
  );
  return rows[0];
}
