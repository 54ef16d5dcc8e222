import { z } from 'zod';
import { acceptanceRuleListSchema, acceptanceRuleSchema, setAcceptanceRuleSchema } from '../../contract/index.ts';
import { defineRoute, type Route } from './route.ts';

const list = defineRoute({
  name: 'acceptanceRules',
  summary: 'Rules that accept small moves of past weeks without a person',
  budget: 'read',
  status: 200,
  response: acceptanceRuleListSchema,
  handle: async (_input, { deps, scope, signal }) => ({ rules: await deps.reviews.rules(scope, signal) }),
});

const set = defineRoute({
  name: 'setAcceptanceRule',
  summary: 'Accepts moves of a dataset under a share from now on; replaces the rule of the same dataset and instance',
  body: setAcceptanceRuleSchema,
  budget: 'write',
  status: 201,
  response: acceptanceRuleSchema,
  handle: ({ body }, { deps, scope, caller, signal }) => deps.reviews.setRule(scope, caller.actor, body, signal),
});

const remove = defineRoute({
  name: 'removeAcceptanceRule',
  summary: 'Ends a rule: from now on a person is asked again',
  params: z.strictObject({
    ruleId: z
      .string()
      .regex(/^\d{1,18}$/, 'must be a numeric id')
      .describe('Id of the rule'),
  }),
  budget: 'write',
  status: 200,
  response: acceptanceRuleSchema,
  handle: ({ params }, { deps, scope, caller, signal }) => deps.reviews.removeRule(scope, caller.actor, params.ruleId, signal),
});

export const acceptanceRuleRoutes: readonly Route[] = [list, set, remove];
