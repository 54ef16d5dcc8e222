import type { Collection } from '@amc-reports/collector-service/contract';
import { Badge } from '@grafana/ui';
import { COLLECTION_STATE } from '../wording/collection-state';

/** A collection's state as a word, a sign and a colour. */
export function CollectionBadge({ collection }: { collection: Pick<Collection, 'state' | 'stopReason' | 'refusal'> }) {
  const { state, stopReason, refusal } = collection;
  const { label, color, icon, meaning } = COLLECTION_STATE[state];
  const why = refusal?.message ?? stopReason;
  return <Badge key={state} text={label} color={color} icon={icon} tooltip={why ? `${meaning} ${why}` : meaning} />;
}
