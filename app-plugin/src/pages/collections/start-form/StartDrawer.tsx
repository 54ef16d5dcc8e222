import { locationUtil } from '@grafana/data';
import { locationService } from '@grafana/runtime';
import { Drawer, EmptyState, LoadingPlaceholder } from '@grafana/ui';
import { FailureAlert } from '../../../components/FailureAlert';
import { useCatalogue } from '../../../data/catalogue';
import { pagePath } from '../../../paths';
import { StartForm } from './StartForm';

/** The start form beside the list; a started collection is opened, so that its weeks can be watched. */
export function StartDrawer({ onClose }: { onClose: () => void }) {
  const { data: catalogue, error, isPending, isFetching, refetch } = useCatalogue();
  return (
    <Drawer title="Start a collection" subtitle="Weeks are fetched oldest first, since Amazon keeps 13 months." onClose={onClose} size="md">
      {isPending && <LoadingPlaceholder text="Loading datasets and instances" />}
      {error && !catalogue && (
        <FailureAlert error={error} title="Datasets and instances cannot be shown" onRetry={() => void refetch()} retrying={isFetching} />
      )}
      {catalogue?.instances.length === 0 && (
        <EmptyState variant="not-found" message="The collector has no AMC instance">
          An Admin has to connect an AMC account to the collector first: set its credentials and instance in the environment, or in a file
          below provisioning/amc.
        </EmptyState>
      )}
      {catalogue && catalogue.instances.length > 0 && (
        <StartForm
          catalogue={catalogue}
          onCancel={onClose}
          onStarted={({ id }) => locationService.push(locationUtil.stripBaseFromUrl(pagePath('collections/:id', { id })))}
        />
      )}
    </Drawer>
  );
}
