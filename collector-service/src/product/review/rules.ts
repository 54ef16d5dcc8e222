import { findInstance } from '../../engine/collect/instance.ts';
import type { Tx } from '../../engine/collect/run.ts';
import { writeAudit } from '../../engine/collect/statements/audit.ts';
import { CollectorError } from '../../contract/error.ts';
import type { AcceptanceRule, SetAcceptanceRule } from '../../contract/acceptance-rules.ts';
import { readScoped } from '../../data/store/scope.ts';
import type { Actor, ReviewDeps, Scope } from './deps.ts';
import { deleteRule, selectRules, seesWholeWorkspace, upsertRule, type RuleRow } from './statements/rules.ts';

/** Rules that concern the scope, by dataset. */
export async function listRules({ store }: Pick<ReviewDeps, 'store'>, scope: Scope, signal?: AbortSignal): Promise<AcceptanceRule[]> {
  return (await readScoped(store, scope.instanceIds, (tx) => selectRules(tx, scope, null), { signal })).map(toRule);
}

/**
 * Accepts moves of a dataset's totals under a share without a person, for an instance or for the whole workspace. A rule of the same
 * dataset and instance is replaced. It concerns results that come from then on.
 * @throws CollectorError unknown_dataset; not_found (instance); forbidden for the whole workspace when the caller sees part of it
 */
export async function createRule(
  { store, catalogue }: Pick<ReviewDeps, 'store' | 'catalogue'>,
  actor: Actor,
  input: SetAcceptanceRule,
  signal: AbortSignal,
): Promise<AcceptanceRule> {
  catalogue.findDataset(input.dataset);
  return store.transaction((tx) => setRule(tx, actor, input), { signal });
}

/** The same within a transaction that does more. */
export async function setRule(tx: Tx, actor: Actor, input: SetAcceptanceRule): Promise<AcceptanceRule> {
  const { scope, person } = actor;
  const { dataset, instance, maxMove, reason } = input;
  if (instance === undefined) await assertWholeWorkspace(tx, scope);
  const instanceId = instance === undefined ? null : (await findInstance(tx, scope.workspaceId, instance, scope.instanceIds)).id;
  const { id, before } = await upsertRule(tx, scope.workspaceId, { dataset, instanceId, maxMove, reason, person });
  await audit(tx, actor, 'acceptanceRule.set', id, { dataset, instance: instance ?? null, maxMove, before, reason });
  return toRule((await selectRules(tx, scope, id))[0]!);
}

/** From then on a person is asked again. @throws CollectorError not_found; forbidden for a rule of the workspace when the caller sees part of it */
export async function removeRule(
  { store }: Pick<ReviewDeps, 'store'>,
  actor: Actor,
  ruleId: string,
  signal: AbortSignal,
): Promise<AcceptanceRule> {
  const { scope } = actor;
  return store.transaction(
    async (tx) => {
      const [rule] = await selectRules(tx, scope, ruleId);
      if (!rule) throw noRule(ruleId);
      if (rule.instanceId === null) await assertWholeWorkspace(tx, scope);
      if ((await deleteRule(tx, ruleId)).rowCount === 0) throw noRule(ruleId);
      await audit(tx, actor, 'acceptanceRule.remove', ruleId, { dataset: rule.dataset, instance: rule.instance, maxMove: rule.maxMove });
      return toRule(rule);
    },
    { signal },
  );
}

const audit = (tx: Tx, { scope, person }: Actor, action: string, ruleId: string, details: Record<string, unknown>): Promise<void> =>
  writeAudit(tx, { workspaceId: scope.workspaceId, person, action, subject: `acceptance rule ${ruleId}`, details });

async function assertWholeWorkspace(tx: Tx, scope: Scope): Promise<void> {
  if (await seesWholeWorkspace(tx, scope)) return;
  throw new CollectorError(
    'A rule for the whole workspace concerns instances that you do not see. Name an instance, or use a token without limits.',
    { code: 'forbidden', kind: 'terminal', status: 403 },
  );
}

const noRule = (ruleId: string) =>
  new CollectorError(`There is no acceptance rule ${ruleId} here; list the rules to see which exist.`, {
    code: 'not_found',
    kind: 'terminal',
    status: 404,
  });

function toRule({ id, dataset, instance, maxMove, reason, createdBy, createdAt }: RuleRow): AcceptanceRule {
  return { id, dataset, instance, maxMove, reason, createdBy, createdAt: createdAt.toISOString() };
}
