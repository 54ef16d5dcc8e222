import type { CollectionDetail } from '@amc-reports/collector-service/contract';
import { Alert, Stack } from '@grafana/ui';
import { CollectionBadge } from '../../components/CollectionBadge';
import { Facts } from '../../components/Facts';
import { Freshness } from '../../components/Freshness';
import { WeeksProgress } from '../../components/WeeksProgress';
import { formatCount } from '../../format/count';
import { formatInstant } from '../../format/instant';
import { formatSpan } from '../../format/window';
import { updatesOf } from '../../wording/updates';
import { countWindows } from '../../wording/windows';
import { LeftAlone } from './LeftAlone';
import { Refused } from './Refused';

/** How far the collection is, and what it is. */
export function Summary({ collection }: { collection: CollectionDetail }) {
  const { window, weeksOutOfReach, timeZone, rows, dataAsOf, dataset, datasetVersion, createdAt, createdBy } = collection;
  return (
    <Stack direction="column" gap={2}>
      <Refused collection={collection} />
      {weeksOutOfReach > 0 && (
        <Alert severity="warning" title={`${countWindows(weeksOutOfReach, window)} out of reach`} bottomSpacing={0}>
          Amazon keeps 13 months and no longer had these days when their turn came. Import result files if you have them: collector import.
        </Alert>
      )}
      <LeftAlone collection={collection} />
      <WeeksProgress {...collection} />
      <Facts
        inline
        facts={[
          { label: 'State', value: <CollectionBadge collection={collection} /> },
          { label: 'Holds', value: `${countWindows(collection.weeksTotal, window)}, ${formatSpan(window, collection)}, in ${timeZone}` },
          { label: 'Updates', value: updatesOf(collection) },
          { label: 'Data as of', value: <Freshness dataAsOf={dataAsOf} /> },
          { label: 'Rows', value: formatCount(rows) },
          { label: 'Dataset', value: `${dataset}, version ${datasetVersion}` },
          { label: 'Started', value: `${formatInstant(createdAt)} by ${createdBy}` },
        ]}
      />
    </Stack>
  );
}
