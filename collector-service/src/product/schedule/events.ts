import type { Change } from '../../ground/outbox/announce.ts';

/** A schedule shows to those who see all instances of its collections; so do its changes. */
export const scheduleChanged = (workspaceId: string, id: string, instanceIds: readonly string[]): Change => ({
  workspaceId,
  instanceIds: [...new Set(instanceIds)],
  kind: 'schedule',
  subject: id,
});
