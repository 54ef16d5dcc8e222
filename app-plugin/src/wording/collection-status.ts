import type { Collection } from '@amc-reports/collector-service/contract';
import type { IconName } from '@grafana/data';
import type { BadgeColor } from '@grafana/ui';
import { isOpen } from './week-state';

/** What a person is told of a collection: its state, and of one that runs or is complete whether anything is in line or to come. */
export type CollectionStatus = 'collecting' | 'attention' | 'up_to_date' | 'complete' | 'incomplete' | 'paused' | 'stopped' | 'cancelled';

type Judged = Pick<Collection, 'state' | 'weeks' | 'schedule'>;

export function statusOf({ state, weeks, schedule }: Judged): CollectionStatus {
  if (state === 'complete') return schedule?.state === 'active' ? 'up_to_date' : 'complete';
  if (state !== 'running') return state;
  const inLine = (Object.keys(weeks) as Array<keyof typeof weeks>).some((each) => isOpen(each) && weeks[each] > 0);
  return !inLine && weeks.failed + weeks.held > 0 ? 'attention' : 'collecting';
}

export const COLLECTION_STATUS: Record<
  CollectionStatus,
  { readonly label: string; readonly color: BadgeColor; readonly icon: IconName; readonly meaning: string }
> = {
  collecting: { label: 'Collecting', color: 'blue', icon: 'sync', meaning: 'Something is in line or on its way from Amazon.' },
  attention: {
    label: 'Needs attention',
    color: 'orange',
    icon: 'exclamation-triangle',
    meaning: 'Nothing is in line, and what failed or is held waits for a person.',
  },
  up_to_date: {
    label: 'Up to date',
    color: 'green',
    icon: 'check',
    meaning: 'Everything is collected, and a schedule collects what comes.',
  },
  complete: { label: 'Complete', color: 'green', icon: 'check', meaning: 'Everything is collected, and nothing is in line.' },
  incomplete: {
    label: 'Incomplete',
    color: 'orange',
    icon: 'exclamation-circle',
    meaning: 'Nothing is left to do, and not everything could be collected.',
  },
  paused: {
    label: 'Paused',
    color: 'orange',
    icon: 'pause',
    meaning: 'No new queries are sent; those already at Amazon are still fetched.',
  },
  stopped: {
    label: 'Stopped',
    color: 'red',
    icon: 'exclamation-triangle',
    meaning: 'Amazon refuses what every query needs, so the collection stopped.',
  },
  cancelled: { label: 'Cancelled', color: 'darkgrey', icon: 'ban', meaning: 'Ended for good. Its data stays.' },
};

export const COLLECTION_STATUS_ORDER = Object.keys(COLLECTION_STATUS) as CollectionStatus[];
