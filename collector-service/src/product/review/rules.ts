import { CollectorError } from '../../contract/error.ts';
import type { AcceptanceRule, SetAcceptanceRule } from '../../contract/acceptance-rules.ts';
import { readScoped } from '../../data/store/scope.ts';
import { findInstance } from '../../engine/collect/instance.ts';
import type { BoundedScope } from '../../ground/context.ts';
import type { Tx } from '../../ground/database.ts';
import { decide, type Decision } from '../../ground/decide.ts';
import type { ReadContext, ReviewContext } from './context.ts';
import { deleteRule, selectRules, seesWholeWorkspace, upsertRule, type RuleRow } from './statements/rules.ts';

export type RuleContext = Omit<ReviewContext, 'spoolDirectory'>;

/** Rules that concern the scope, by dataset. */
export async function listRules({ store, scope, signal }: ReadContext): Promise<AcceptanceRule[]> {
  return (await readScoped(store, scope.instanceIds, (tx) => selectRules(tx, scope, null), { signal })).map(toRule);
}

/**
 * Accepts moves of a dataset's totals under a share without a person, for an instance or for the whole workspace. A rule of the same
 * dataset and instance is replaced. It concerns results that come from then on.
 * @throws CollectorError unknown_dataset; not_found (instance); forbidden for the whole workspace when the caller sees part of it
 */
export async function createRule(ctx: RuleContext, input: SetAcceptanceRule): Promise<AcceptanceRule> {
  ctx.catalogue.findDataset(input.dataset);
  return toRule((await decide(ctx, settingRule(ctx, input))).rule);
}

/** That decision, also as part of a greater one. Nobody lists rules live, so it announces nothing. */
export const settingRule = (
  { scope, actor }: Pick<RuleContext, 'scope' | 'actor'>,
  input: SetAcceptanceRule,
): Decision<string | null, { rule: RuleRow; before: number | null }> => ({
  action: 'acceptanceRule.set',
  async lock(tx) {
    if (input.instance !== undefined) return (await findInstance(tx, scope, input.instance)).id;
    await assertWholeWorkspace(tx, scope);
    return null;
  },
  async change(tx, instanceId) {
    const { dataset, maxMove, reason } = input;
    const { id, before } = await upsertRule(tx, scope.workspaceId, { dataset, instanceId, maxMove, reason, person: actor });
    return { rule: (await selectRules(tx, scope, id))[0]!, before };
  },
  record: (_instanceId, { rule, before }) => ({
    subject: `acceptance rule ${rule.id}`,
    details: { dataset: input.dataset, instance: input.instance ?? null, maxMove: input.maxMove, before, reason: input.reason },
  }),
  events: () => [],
});

/** From then on a person is asked again. @throws CollectorError not_found; forbidden for a rule of the workspace when the caller sees part of it */
export async function removeRule(ctx: RuleContext, { ruleId }: { ruleId: string }): Promise<AcceptanceRule> {
  const removed = await decide(ctx, {
    action: 'acceptanceRule.remove',
    async lock(tx) {
      const [rule] = await selectRules(tx, ctx.scope, ruleId);
      if (!rule) throw noRule(ruleId);
      if (rule.instanceId === null) await assertWholeWorkspace(tx, ctx.scope);
      return rule;
    },
    async change(tx, rule) {
      if ((await deleteRule(tx, ruleId)).rowCount === 0) throw noRule(ruleId);
      return rule;
    },
    record: ({ dataset, instance, maxMove }) => ({ subject: `acceptance rule ${ruleId}`, details: { dataset, instance, maxMove } }),
    events: () => [],
  });
  return toRule(removed);
}

async function assertWholeWorkspace(tx: Tx, scope: BoundedScope): Promise<void> {
  if (await seesWholeWorkspace(tx, scope)) return;
  throw new CollectorError(
    'forbidden',
    'A rule for the whole workspace concerns instances that you do not see. Name an instance, or use a token without limits.',
  );
}

const noRule = (ruleId: string) =>
  new CollectorError('not_found', `There is no acceptance rule ${ruleId} here; list the rules to see which exist.`);

function toRule({ id, dataset, instance, maxMove, reason, createdBy, createdAt }: RuleRow): AcceptanceRule {
  return { id, dataset, instance, maxMove, reason, createdBy, createdAt: createdAt.toISOString() };
}
