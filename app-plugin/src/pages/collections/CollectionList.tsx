import { EmptyState, LoadingPlaceholder, Stack } from '@grafana/ui';
import type { ReactNode } from 'react';
import { FailureAlert } from '../../components/FailureAlert';
import { useCollections } from '../../data/collections';
import { CollectionFilters, useCollectionFilters } from './CollectionFilters';
import { CollectionTable } from './CollectionTable';
import { matches } from './filter';

/** The list in each of its states: loading, failed, empty, filtered to nothing, filled. */
export function CollectionList({ startButton }: { startButton: ReactNode }) {
  const { data, error, isPending, isFetching, refetch } = useCollections();
  const [filter, setFilter] = useCollectionFilters();

  if (isPending) return <LoadingPlaceholder text="Loading collections" />;
  const failure = error && (
    <FailureAlert
      error={error}
      title={data ? 'The list may be out of date' : 'The collections cannot be shown'}
      onRetry={() => void refetch()}
      retrying={isFetching}
    />
  );
  if (!data) return failure;
  if (data.length === 0) {
    return (
      <>
        {failure}
        <EmptyState variant="call-to-action" message="Nothing is collected yet" button={startButton}>
          Start a collection; its first data is on your dashboards within minutes.
        </EmptyState>
      </>
    );
  }
  const shown = data.filter((collection) => matches(collection, filter));
  return (
    <Stack direction="column" gap={2}>
      {failure}
      <CollectionFilters filter={filter} onChange={setFilter} />
      {shown.length === 0 ? (
        <EmptyState variant="not-found" message="No collection matches the filter" />
      ) : (
        <CollectionTable collections={shown} />
      )}
    </Stack>
  );
}
