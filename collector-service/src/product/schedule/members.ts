import type { Scope } from '../../ground/context.ts';
import { CollectorError } from '../../contract/error.ts';
import { lockCollections, newestOfDataset, type Member } from './statements/members.ts';
import { sees } from './statements/read.ts';
import type { Tx } from '../../ground/database.ts';

/** What a schedule is to hold: collections by id, or a dataset over every instance of the scope. */
export interface Wanted {
  collections?: readonly string[] | undefined;
  dataset?: string | undefined;
}

/**
 * The collections a schedule may hold, locked until the transaction ends.
 * @param scheduleId the schedule that may hold them already
 * @throws CollectorError not_found (outside the scope, or no collection of the dataset yet), conflict (cancelled, or another schedule's)
 */
export async function takeMembers(tx: Tx, scope: Scope, wanted: Wanted, scheduleId?: string): Promise<Member[]> {
  const ids = [...new Set(wanted.collections ?? (await newestOfDataset(tx, scope, wanted.dataset!)))];
  if (ids.length === 0) {
    throw new CollectorError(
      'not_found',
      `No instance collects dataset '${wanted.dataset}' yet; create a collection first, then schedule it.`,
    );
  }
  const members = await lockCollections(tx, scope, ids);
  const missing = ids.filter((id) => !members.some((member) => member.id === id));
  if (missing.length > 0)
    throw new CollectorError('not_found', `There is no collection ${missing.join(', ')} here; list the collections to see which exist.`);
  for (const member of members) {
    if (member.scheduleId !== null && member.scheduleId !== scheduleId) throw await takenError(tx, scope, member);
    if (member.isImported)
      throw new CollectorError(
        'conflict',
        `Collection '${member.name}' (${member.id}) holds imported files that Amazon cannot be asked for; leave it out of the schedule.`,
      );
    if (member.state === 'cancelled' && member.scheduleId === null)
      throw new CollectorError('conflict', `Collection '${member.name}' (${member.id}) is cancelled; name a live one.`);
  }
  return members;
}

/** Names the other schedule, unless it also holds instances that the caller must not know of. */
async function takenError(tx: Tx, scope: Scope, member: Member): Promise<CollectorError> {
  const seen = await sees(tx, scope, member.scheduleId!);
  const other = seen ? `schedule '${member.scheduleName}' (${member.scheduleId})` : 'a schedule that also covers instances you do not see';
  return new CollectorError(
    'conflict',
    `Collection '${member.name}' (${member.id}) belongs to ${other} already. Take it out there first; two schedules would buy its weeks twice.`,
    { details: { collectionId: member.id, ...(seen && { scheduleId: member.scheduleId }) } },
  );
}

/** The zone in which the same local time comes last, so that a week is complete for every instance when the clock strikes. */
export function westernmost(zones: readonly string[], at: Date): string {
  const localTime = (timeZone: string): string => at.toLocaleString('sv-SE', { timeZone });
  return [...new Set(zones)].sort().reduce((west, zone) => (localTime(zone) < localTime(west) ? zone : west));
}
