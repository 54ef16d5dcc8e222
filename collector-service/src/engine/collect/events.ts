import type { IsoDate } from '../../ground/calendar/week.ts';
import type { Change } from '../../ground/outbox/announce.ts';

/** The collection itself changed: its state, its range, or any of its weeks. */
export const collectionChanged = ({ workspaceId, instanceId, id }: { workspaceId: string; instanceId: string; id: string }): Change => ({
  workspaceId,
  instanceIds: [instanceId],
  kind: 'collection',
  subject: id,
});

/** What of a run, or of a row about one, tells which week of which collection changed. */
export interface ChangedWeek {
  workspaceId: string;
  instanceId: string;
  collectionId: string;
  week: IsoDate;
}

export const weekChanged = ({ workspaceId, instanceId, collectionId, week }: ChangedWeek): Change => ({
  workspaceId,
  instanceIds: [instanceId],
  kind: 'week',
  subject: `${collectionId}/${week}`,
});

/** A result waits for a person, or was decided about. */
export const heldRunChanged = ({ id, workspaceId, instanceId }: { id: string; workspaceId: string; instanceId: string }): Change => ({
  workspaceId,
  instanceIds: [instanceId],
  kind: 'held_run',
  subject: id,
});
