import { accept } from '../../product/review/accept.ts';
import type { ReviewDeps } from '../../product/review/deps.ts';
import { heldRunDetail } from '../../product/review/detail.ts';
import { listHeldRuns } from '../../product/review/held-runs.ts';
import { keep } from '../../product/review/keep.ts';
import { listRevisions } from '../../product/review/revisions.ts';
import { heldRows } from '../../product/review/rows.ts';
import { createRule, listRules, removeRule } from '../../product/review/rules.ts';
import { runAgain } from '../../product/review/run-again.ts';
import type { Reviews } from './deps.ts';

/** review/ in the form that the routes use. */
export const reviewingOf = (deps: ReviewDeps): Reviews => ({
  list: (scope, query, signal) => listHeldRuns(deps, scope, query, signal),
  detail: (scope, runId, signal) => heldRunDetail(deps, scope, runId, signal),
  rows: (scope, runId, query, signal) => heldRows(deps, scope, runId, query, signal),
  accept: (scope, person, runId, input, signal) => accept(deps, { scope, person }, runId, input, signal),
  keep: (scope, person, runId, input, signal) => keep(deps, { scope, person }, runId, input, signal),
  runAgain: (scope, person, runId, input, signal) => runAgain(deps, { scope, person }, runId, input, signal),
  rules: (scope, signal) => listRules(deps, scope, signal),
  setRule: (scope, person, input, signal) => createRule(deps, { scope, person }, input, signal),
  removeRule: (scope, person, ruleId, signal) => removeRule(deps, { scope, person }, ruleId, signal),
  revisions: (scope, collectionId, query, signal) => listRevisions(deps, scope, collectionId, query, signal),
});
