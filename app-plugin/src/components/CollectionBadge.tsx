import type { Collection } from '@amc-reports/collector-service/contract';
import { Badge } from '@grafana/ui';
import { holesOf } from '../wording/holes';
import { COLLECTION_STATE } from '../wording/collection-state';

type Shown = Pick<Collection, 'state' | 'stopReason' | 'refusal' | 'weeksOutOfReach' | 'weeksSetAside'>;

/** A collection's state as a word, a sign and a colour; of an incomplete one also what is missing. */
export function CollectionBadge({ collection }: { collection: Shown }) {
  const { state, stopReason, refusal } = collection;
  const { label, color, icon, meaning } = COLLECTION_STATE[state];
  const text = state === 'incomplete' ? [label, ...holesOf(collection)].join(', ') : label;
  const why = refusal?.message ?? stopReason;
  return <Badge key={state} text={text} color={color} icon={icon} tooltip={why ? `${meaning} ${why}` : meaning} />;
}
