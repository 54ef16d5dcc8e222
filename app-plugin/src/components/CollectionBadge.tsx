import type { Collection } from '@amc-reports/collector-service/contract';
import { Badge } from '@grafana/ui';
import { COLLECTION_STATUS, statusOf } from '../wording/collection-status';
import { holesOf } from '../wording/holes';

type Shown = Pick<Collection, 'state' | 'weeks' | 'schedule' | 'stopReason' | 'refusal' | 'window' | 'weeksOutOfReach' | 'weeksSetAside'>;

/** A collection's state as a word, a sign and a colour; of an incomplete one also what is missing. */
export function CollectionBadge({ collection }: { collection: Shown }) {
  const { stopReason, refusal } = collection;
  const status = statusOf(collection);
  const { label, color, icon, meaning } = COLLECTION_STATUS[status];
  const text = status === 'incomplete' ? [label, ...holesOf(collection)].join(', ') : label;
  const why = refusal?.message ?? stopReason;
  return <Badge key={status} text={text} color={color} icon={icon} tooltip={why ? `${meaning} ${why}` : meaning} />;
}
