import type { Schedule } from '../../contract/schedules.ts';
import type { Context } from '../../ground/context.ts';
import { decideSchedule } from './decide.ts';
import { readSchedule } from './read.ts';
import { deleteSchedule } from './statements/schedules.ts';

/** Removes the schedule and its history; collections, their data and what is planned stay. @returns it as it was @throws CollectorError not_found */
export async function removeSchedule(ctx: Context, { id }: { id: string }): Promise<Schedule> {
  const before = await readSchedule(ctx, { id });
  await decideSchedule(ctx, id, { verb: 'delete', change: (tx) => deleteSchedule(tx, id), details: { name: before.name } });
  return before;
}
