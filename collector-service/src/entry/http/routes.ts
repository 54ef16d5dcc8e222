import { auditRoute } from './audit.ts';
import { acceptanceRuleRoutes } from './acceptance-rules.ts';
import { catalogueRoute } from './catalogue.ts';
import { collectionRoutes } from './collections.ts';
import { dimensionValuesRoute } from './dimension-values.ts';
import { eventsRoute } from './events/route.ts';
import type { AmcProbe } from './health/amc-probe.ts';
import { healthRoute } from './health/route.ts';
import { heldRunRoutes } from './held-runs.ts';
import { queryRoute } from './query.ts';
import { revisionsRoute } from './revisions.ts';
import type { Route } from './route.ts';
import { scheduleRoutes } from './schedules.ts';

/** Everything under /v1, in the order of the documentation. */
export const allRoutes = (probe: AmcProbe): readonly Route[] => [
  healthRoute(probe),
  catalogueRoute,
  dimensionValuesRoute,
  queryRoute,
  ...collectionRoutes,
  revisionsRoute,
  ...heldRunRoutes,
  ...acceptanceRuleRoutes,
  ...scheduleRoutes,
  eventsRoute,
  auditRoute,
];
