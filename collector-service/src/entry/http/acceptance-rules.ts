import { acceptanceRuleRoutes } from '../../contract/acceptance-rules.ts';
import { createRule, listRules, removeRule } from '../../product/review/rules.ts';
import { handlers } from './handlers.ts';

export const acceptanceRuleHandlers = handlers(acceptanceRuleRoutes, {
  acceptanceRules: async (ctx) => ({ rules: await listRules(ctx, ctx.scope, ctx.signal) }),
  setAcceptanceRule: (ctx, { body }) => createRule(ctx, { scope: ctx.scope, person: ctx.actor }, body, ctx.signal),
  removeAcceptanceRule: (ctx, { params }) => removeRule(ctx, { scope: ctx.scope, person: ctx.actor }, params.ruleId, ctx.signal),
});
