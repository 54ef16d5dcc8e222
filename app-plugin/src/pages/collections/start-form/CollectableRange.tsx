import type { CollectableWindows } from '@amc-reports/collector-service/contract';
import { LoadingPlaceholder, Text } from '@grafana/ui';
import { FailureAlert } from '../../../components/FailureAlert';
import { rangeOf, type Draft, type DraftField } from './draft';
import { RangeFields } from './RangeFields';
import { RangePreview } from './RangePreview';

interface CollectableRangeProps {
  draft: Draft;
  /** What can be collected, as far as it is known. */
  collectable: CollectableWindows | undefined;
  failure: Error | null;
  errorOf: (field: DraftField) => { invalid?: boolean; error?: string };
  onChange: (part: Partial<Draft>) => void;
}

/** The time range of a collection, in the windows of its dataset. */
export function CollectableRange({ draft, collectable, failure, errorOf, onChange }: CollectableRangeProps) {
  if (!draft.instance || !draft.dataset)
    return (
      <p>
        <Text color="secondary">Choose instance and dataset to see what can be collected.</Text>
      </p>
    );
  if (failure) return <FailureAlert error={failure} title="This dataset cannot be collected for this instance" />;
  if (!collectable) return <LoadingPlaceholder text="Looking what Amazon has" />;
  return (
    <>
      <RangeFields draft={draft} collectable={collectable} errorOf={errorOf} onChange={onChange} />
      <RangePreview range={rangeOf(draft, collectable.windows)} collectable={collectable} />
    </>
  );
}
