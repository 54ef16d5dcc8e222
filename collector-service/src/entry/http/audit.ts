import { readAuditLog } from '../../engine/access/audit-log.ts';
import { auditPageSchema, auditQuerySchema } from '../../contract/audit.ts';
import { CollectorError } from '../../contract/error.ts';
import { defineRoute } from './route.ts';

export const auditRoute = defineRoute({
  name: 'audit',
  summary: 'Who changed what and when, newest first, a page at a time; for callers who may see the whole workspace',
  query: auditQuerySchema,
  budget: 'read',
  status: 200,
  response: auditPageSchema,
  handle: async ({ query }, { deps, caller }) => {
    // The record names instances and collections of the whole workspace.
    if (!caller.wholeWorkspace)
      throw new CollectorError(
        'The record speaks of the whole workspace, and you see a part of it. Ask for a grant to all of its instances.',
        {
          code: 'forbidden',
          kind: 'terminal',
          status: 403,
        },
      );
    return readAuditLog(deps.pool, caller.workspaceId, query);
  },
});
