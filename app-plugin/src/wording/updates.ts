import type { Collection } from '@amc-reports/collector-service/contract';

type Updated = Pick<Collection, 'state' | 'schedule' | 'imported'>;

/** Amazon could be asked for what comes, and no schedule does: its data grows old. */
export const isLeftAlone = ({ state, schedule, imported }: Updated): boolean => schedule === null && !imported && state !== 'cancelled';

/** What keeps a collection up to date: 'By “Weekly update”', 'Not updated: no schedule'. */
export function updatesOf({ state, schedule, imported }: Updated): string {
  if (state === 'cancelled') return 'Not updated: cancelled';
  if (imported) return 'By importing files';
  if (!schedule) return 'Not updated: no schedule';
  const name = schedule.name === null ? 'a schedule that also covers instances you do not see' : `“${schedule.name}”`;
  return schedule.state === 'paused' ? `Not updated: ${name} is paused` : `By ${name}`;
}
