import type { RouteName } from '../../contract/api.ts';
import { acceptanceRuleHandlers } from './acceptance-rules.ts';
import { auditHandlers } from './audit.ts';
import { catalogueHandlers } from './catalogue.ts';
import { collectionHandlers } from './collections.ts';
import { dimensionValueHandlers } from './dimension-values.ts';
import { eventHandlers } from './events/route.ts';
import type { HandledRoute } from './handlers.ts';
import { healthHandlers } from './health/route.ts';
import { heldQuestionHandlers } from './held-questions.ts';
import { heldRunHandlers } from './held-runs.ts';
import { queryHandlers } from './query.ts';
import { revisionHandlers } from './revisions.ts';
import { scheduleHandlers } from './schedules.ts';

/** Every route of the contract with what answers it; a resource that is left out does not compile. */
export const HANDLED_ROUTES: Readonly<Record<RouteName, HandledRoute>> = {
  ...healthHandlers,
  ...catalogueHandlers,
  ...dimensionValueHandlers,
  ...queryHandlers,
  ...collectionHandlers,
  ...revisionHandlers,
  ...heldRunHandlers,
  ...heldQuestionHandlers,
  ...acceptanceRuleHandlers,
  ...scheduleHandlers,
  ...eventHandlers,
  ...auditHandlers,
};
