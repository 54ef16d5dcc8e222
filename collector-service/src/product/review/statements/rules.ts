import type { ReadTransaction } from '../../../data/store/scope.ts';
import type { BoundedScope } from '../../../ground/context.ts';
import type { Tx } from '../../../ground/database.ts';

export interface RuleRow {
  id: string;
  dataset: string;
  instanceId: string | null;
  instance: string | null;
  maxMove: number;
  reason: string;
  createdBy: string;
  createdAt: Date;
}

/** Rules that concern the scope: those of its instances, and those of the whole workspace. */
export async function selectRules(tx: ReadTransaction, scope: BoundedScope, ruleId: string | null): Promise<RuleRow[]> {
  const { rows } = await tx.query<RuleRow>(
    `SELECT a.id::text, a.dataset, a.instance_id::text AS "instanceId", i.amc_instance_id AS instance, a.max_move AS "maxMove", a.reason,
            a.created_by AS "createdBy", a.created_at AS "createdAt"
       FROM acceptance_rules a LEFT JOIN instances i ON i.id = a.instance_id
      WHERE a.workspace_id = $1 AND (a.instance_id IS NULL OR a.instance_id = ANY ($2::bigint[])) AND ($3::bigint IS NULL OR a.id = $3)
      ORDER BY a.dataset, i.amc_instance_id NULLS FIRST`,
    [scope.workspaceId, scope.instanceIds, ruleId],
  );
  return rows;
}

export interface NewRule {
  dataset: string;
  instanceId: string | null;
  maxMove: number;
  reason: string;
  person: string;
}

/** A rule of the same dataset and instance is replaced. @returns its id, and what it allowed before */
export async function upsertRule(
  tx: Tx,
  workspaceId: string,
  { dataset, instanceId, maxMove, reason, person }: NewRule,
): Promise<{ id: string; before: number | null }> {
  const { rows } = await tx.query<{ id: string; before: number | null }>(
    `WITH before AS (
       SELECT max_move FROM acceptance_rules WHERE workspace_id = $1 AND dataset = $2 AND coalesce(instance_id, 0) = coalesce($3::bigint, 0))
     INSERT INTO acceptance_rules (workspace_id, dataset, instance_id, max_move, reason, created_by) VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (workspace_id, dataset, coalesce(instance_id, 0)) DO UPDATE
       SET max_move = EXCLUDED.max_move, reason = EXCLUDED.reason, created_by = EXCLUDED.created_by, created_at = now()
     RETURNING id::text, (SELECT max_move FROM before) AS before`,
    [workspaceId, dataset, instanceId, maxMove, reason, person],
  );
  return rows[0]!;
}

export const deleteRule = (tx: Tx, ruleId: string) => tx.query('DELETE FROM acceptance_rules WHERE id = $1', [ruleId]);

/** Whether the scope holds every instance of its workspace. */
export async function seesWholeWorkspace(tx: Tx, scope: BoundedScope): Promise<boolean> {
  const { rowCount } = await tx.query('SELECT FROM instances WHERE workspace_id = $1 AND NOT id = ANY ($2::bigint[]) LIMIT 1', [
    scope.workspaceId,
    scope.instanceIds,
  ]);
  return rowCount === 0;
}
