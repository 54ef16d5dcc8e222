import { z } from 'zod';
import { NAME_PATTERN } from './query.ts';
import type { Routes } from './route.ts';
import { id, instant } from './scalars.ts';

/** Acceptance rules spare a person the decision about small moves of past weeks. */
export const decisionReasonSchema = z.string().trim().min(1, 'say why, for the record').max(1000);
export const maxMoveSchema = z
  .number()
  .gt(0)
  .max(1)
  .describe('Largest move of a total that is accepted without a person, as a fraction: 0.05 is 5 %');

export const acceptanceRuleSchema = z
  .strictObject({
    id,
    dataset: z.string(),
    instance: z.string().nullable().describe('AMC instance id; null: every instance of the workspace'),
    maxMove: z.number(),
    reason: z.string(),
    createdBy: z.string(),
    createdAt: instant,
  })
  .meta({ id: 'AcceptanceRule' });

export const acceptanceRuleListSchema = z.strictObject({ rules: z.array(acceptanceRuleSchema) }).meta({ id: 'AcceptanceRuleList' });

export const setAcceptanceRuleSchema = z
  .strictObject({
    dataset: z.string().regex(NAME_PATTERN),
    instance: z.string().min(1).max(100).optional().describe('AMC instance id; every instance of the workspace when left out'),
    maxMove: maxMoveSchema,
    reason: decisionReasonSchema,
  })
  .meta({ id: 'SetAcceptanceRule' });

export const acceptanceRuleRoutes = {
  acceptanceRules: {
    method: 'get',
    path: '/v1/acceptance-rules',
    role: 'Viewer',
    budget: 'read',
    summary: 'Rules that accept small moves of past weeks without a person',
    status: 200,
    response: acceptanceRuleListSchema,
    errors: [],
  },
  setAcceptanceRule: {
    method: 'post',
    path: '/v1/acceptance-rules',
    role: 'Editor',
    budget: 'write',
    summary: 'Accepts moves of a dataset under a share from now on; replaces the rule of the same dataset and instance',
    body: setAcceptanceRuleSchema,
    status: 201,
    response: acceptanceRuleSchema,
    errors: ['not_found', 'unknown_dataset'],
  },
  removeAcceptanceRule: {
    method: 'delete',
    path: '/v1/acceptance-rules/{ruleId}',
    role: 'Editor',
    budget: 'write',
    summary: 'Ends a rule: from now on a person is asked again',
    params: z.strictObject({ ruleId: id.describe('Id of the rule') }),
    status: 200,
    response: acceptanceRuleSchema,
    errors: ['not_found'],
  },
} as const satisfies Routes;

export type AcceptanceRule = z.output<typeof acceptanceRuleSchema>;
export type SetAcceptanceRule = z.output<typeof setAcceptanceRuleSchema>;
