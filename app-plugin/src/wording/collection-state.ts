import type { Collection } from '@amc-reports/collector-service/contract';
import type { IconName } from '@grafana/data';
import type { BadgeColor } from '@grafana/ui';

type CollectionState = Collection['state'];

export const COLLECTION_STATE: Record<
  CollectionState,
  { readonly label: string; readonly color: BadgeColor; readonly icon: IconName; readonly meaning: string }
> = {
  running: { label: 'Collecting', color: 'blue', icon: 'sync', meaning: 'Weeks are being collected.' },
  paused: {
    label: 'Paused',
    color: 'orange',
    icon: 'pause',
    meaning: 'No new queries are sent; those already at Amazon are still fetched.',
  },
  cancelled: { label: 'Cancelled', color: 'darkgrey', icon: 'ban', meaning: 'Ended for good. Its data stays.' },
  stopped: {
    label: 'Stopped',
    color: 'red',
    icon: 'exclamation-triangle',
    meaning: 'Amazon refuses what every week needs, so the whole collection stopped.',
  },
  complete: { label: 'Complete', color: 'green', icon: 'check', meaning: 'Every week is collected.' },
  incomplete: {
    label: 'Incomplete',
    color: 'orange',
    icon: 'exclamation-circle',
    meaning: 'Nothing is left to do, and weeks are missing.',
  },
};

export const COLLECTION_STATE_ORDER = Object.keys(COLLECTION_STATE) as CollectionState[];
