import { auditRoutes, type AuditPage } from '../../contract/audit.ts';
import { heldRunRoutes } from '../../contract/held-runs.ts';
import { revisionRoutes, type RevisionList } from '../../contract/revisions.ts';
import type { RouteName } from '../../contract/api.ts';
import { handlers, type HandledRoute } from './handlers.ts';
import { heldRunHandlers } from './held-runs.ts';

/** Read by the compiler alone: each line below an @ts-expect-error must not compile. */
declare const page: AuditPage;
declare const revisions: RevisionList;

export const right = handlers(revisionRoutes, {
  revisions: async (_ctx, { params, query }) => ({ ...revisions, nextCursor: `${params.id} ${query.limit satisfies number}` }),
});

// @ts-expect-error a handler is missing
handlers(auditRoutes, {});
// @ts-expect-error a handler has the name of no route
handlers(auditRoutes, { audit: async () => page, auditLog: async () => page });
// @ts-expect-error an answer of another route
handlers(auditRoutes, { audit: async () => revisions });
// @ts-expect-error an answer that lacks something
handlers(auditRoutes, { audit: async () => ({ entries: [] }) });
// @ts-expect-error a param that the route does not have
handlers(revisionRoutes, { revisions: async (_ctx, { params }) => ({ ...revisions, nextCursor: params.runId }) });
// @ts-expect-error a body that the route does not read
handlers(revisionRoutes, { revisions: async (_ctx, { body }) => ({ ...revisions, nextCursor: body.reason }) });

export const names = Object.keys(heldRunRoutes);
// @ts-expect-error the handlers of other resources are missing
export const all: Record<RouteName, HandledRoute> = { ...heldRunHandlers };
