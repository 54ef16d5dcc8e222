import type { Collection } from '@amc-reports/collector-service/contract';
import { Stack, Text, TextLink } from '@grafana/ui';
import { CollectionActions } from '../../components/CollectionActions';
import { CollectionBadge } from '../../components/CollectionBadge';
import { Freshness } from '../../components/Freshness';
import { WeeksProgress } from '../../components/WeeksProgress';
import { formatCount } from '../../format/count';
import { formatInstant } from '../../format/instant';
import { formatSpan } from '../../format/window';
import { pagePath } from '../../paths';
import { hasRole } from '../../role/role';
import { selectors } from '../../selectors';
import { isLeftAlone, updatesOf } from '../../wording/updates';

export function CollectionRow({ collection }: { collection: Collection }) {
  const { id, name, instanceName, datasetTitle, datasetVersion, window, dataAsOf, rows, stoppedAt, refusal, schedule } = collection;
  return (
    <tr role="row" data-testid={selectors.collections.row(id)}>
      <td role="cell" data-label="Collection">
        <Stack direction="column" gap={0}>
          <TextLink href={pagePath('collections/:id', { id })} inline={false}>
            {name}
          </TextLink>
          <Text variant="bodySmall" color="secondary">
            {instanceName} · {datasetTitle}
            {datasetVersion > 1 && ` v${datasetVersion}`}
          </Text>
          <Text variant="bodySmall" color="secondary">
            {formatSpan(window, collection)}
          </Text>
        </Stack>
      </td>
      <td role="cell" data-label="State">
        <Stack direction="column" gap={0.5} alignItems="flex-start">
          <CollectionBadge collection={collection} />
          {refusal && (
            <Text variant="bodySmall" color="secondary">
              {stoppedAt && `since ${formatInstant(stoppedAt)}, `}next try {formatInstant(refusal.nextTryAt)}
            </Text>
          )}
          {(isLeftAlone(collection) || schedule?.state === 'paused') && (
            <Text variant="bodySmall" color="warning">
              {updatesOf(collection)}
            </Text>
          )}
        </Stack>
      </td>
      <td role="cell" data-label="Collected">
        <WeeksProgress {...collection} />
      </td>
      <td role="cell" data-label="Data as of">
        <span>
          <Freshness dataAsOf={dataAsOf} />
        </span>
      </td>
      <td role="cell" data-label="Rows">
        <Text tabular>{formatCount(rows)}</Text>
      </td>
      {hasRole('Editor') && (
        <td role="cell" data-label="Actions">
          <CollectionActions collection={collection} size="sm" />
        </td>
      )}
    </tr>
  );
}
