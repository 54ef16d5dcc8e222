import { acceptanceRuleRoutes } from '../../contract/acceptance-rules.ts';
import { createRule, listRules, removeRule } from '../../product/review/rules.ts';
import { handlers } from './handlers.ts';

export const acceptanceRuleHandlers = handlers(acceptanceRuleRoutes, {
  acceptanceRules: async (ctx) => ({ rules: await listRules(ctx) }),
  setAcceptanceRule: (ctx, { body }) => createRule(ctx, body),
  removeAcceptanceRule: (ctx, { params }) => removeRule(ctx, params),
});
