import type { Change } from '../../ground/outbox/announce.ts';

/**
 * A schedule shows to those who see all instances of its collections (our ids); so do its changes. After a change of its collections
 * two audiences hear of it: those who saw it before, and those who see it since.
 */
export const scheduleChanged = (workspaceId: string, id: string, ...audiences: readonly (readonly string[])[]): Change[] => {
  const distinct = new Map(audiences.map((instanceIds) => [[...instanceIds].sort().join(), instanceIds]));
  // Nobody's instances would be everybody's business.
  return [...distinct.values()]
    .filter((instanceIds) => instanceIds.length > 0)
    .map((instanceIds) => ({ workspaceId, instanceIds, kind: 'schedule', subject: id }));
};
