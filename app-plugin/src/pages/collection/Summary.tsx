import type { CollectionDetail } from '@amc-reports/collector-service/contract';
import { Alert, Stack } from '@grafana/ui';
import { CollectionBadge } from '../../components/CollectionBadge';
import { Facts } from '../../components/Facts';
import { Freshness } from '../../components/Freshness';
import { WeeksProgress } from '../../components/WeeksProgress';
import { countOf, formatCount } from '../../format/count';
import { formatInstant } from '../../format/instant';
import { formatRange } from '../../format/week';
import { Refused } from './Refused';

/** How far the collection is, and what it is. */
export function Summary({ collection }: { collection: CollectionDetail }) {
  const { weeksOutOfReach, firstWeek, lastWeek, timeZone, rows, dataAsOf, dataset, datasetVersion, createdAt, createdBy } = collection;
  return (
    <Stack direction="column" gap={2}>
      <Refused collection={collection} />
      {weeksOutOfReach > 0 && (
        <Alert severity="warning" title={`${countOf(weeksOutOfReach, 'week is', 'weeks are')} out of reach`} bottomSpacing={0}>
          Amazon keeps 13 months and no longer had them when their turn came. Import their result files if you have them: collector import.
        </Alert>
      )}
      <WeeksProgress {...collection} />
      <Facts
        inline
        facts={[
          { label: 'State', value: <CollectionBadge collection={collection} /> },
          { label: 'Weeks', value: `${formatRange(firstWeek, lastWeek)}, in ${timeZone}` },
          { label: 'Data as of', value: <Freshness dataAsOf={dataAsOf} /> },
          { label: 'Rows', value: formatCount(rows) },
          { label: 'Dataset', value: `${dataset}, version ${datasetVersion}` },
          { label: 'Started', value: `${formatInstant(createdAt)} by ${createdBy}` },
        ]}
      />
    </Stack>
  );
}
