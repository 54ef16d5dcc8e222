import { PluginPage } from '@grafana/runtime';
import { LoadingPlaceholder, Stack } from '@grafana/ui';
import { useParams } from 'react-router-dom';
import { CollectionActions } from '../../components/CollectionActions';
import { FailureAlert } from '../../components/FailureAlert';
import { LiveSign } from '../../components/LiveSign';
import { RequireDatasource } from '../../components/RequireDatasource';
import { useCollection } from '../../data/collection';
import { pagePath } from '../../paths';
import { CollectionView } from './CollectionView';

/** One collection: how far it is, and each of its weeks. `?week=2025-11-10` chooses a week. */
export default function CollectionPage() {
  const { id = '' } = useParams();
  return (
    <RequireDatasource>
      <CollectionById key={id} id={id} />
    </RequireDatasource>
  );
}

function CollectionById({ id }: { id: string }) {
  const { data: collection, error, isPending, isFetching, refetch } = useCollection(id);
  const failure = error && (
    <FailureAlert
      error={error}
      title={collection ? 'The page may be out of date' : 'The collection cannot be shown'}
      onRetry={() => void refetch()}
      retrying={isFetching}
    />
  );
  return (
    <PluginPage
      pageNav={{ text: collection?.name ?? `Collection ${id}`, parentItem: { text: 'Collections', url: pagePath('collections') } }}
      subTitle={collection && `${collection.instanceName} · ${collection.datasetTitle}`}
      actions={
        <Stack gap={2} alignItems="center" wrap="wrap">
          <LiveSign />
          {collection && <CollectionActions collection={collection} />}
        </Stack>
      }
    >
      {failure}
      {isPending && <LoadingPlaceholder text="Loading the collection" />}
      {collection && <CollectionView collection={collection} />}
    </PluginPage>
  );
}
