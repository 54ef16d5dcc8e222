import { auditRoutes } from '../../contract/audit.ts';
import { CollectorError } from '../../contract/error.ts';
import { readAuditLog } from '../../engine/access/audit-log.ts';
import { handlers } from './handlers.ts';

export const auditHandlers = handlers(auditRoutes, {
  audit: async (ctx, { query }) => {
    // The record names instances and collections of the whole workspace.
    if (!ctx.caller.wholeWorkspace)
      throw new CollectorError(
        'forbidden',
        'The record speaks of the whole workspace, and you see a part of it. Ask for a grant to all of its instances.',
      );
    return readAuditLog(ctx.store.pool, ctx.scope.workspaceId, query);
  },
});
