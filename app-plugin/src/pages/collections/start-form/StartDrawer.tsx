import { locationUtil } from '@grafana/data';
import { locationService } from '@grafana/runtime';
import { Drawer, EmptyState, LoadingPlaceholder } from '@grafana/ui';
import { FailureAlert } from '../../../components/FailureAlert';
import { useCatalogue } from '../../../data/catalogue';
import { useSchedules, useScheduleTemplates } from '../../../data/schedules';
import { pagePath } from '../../../paths';
import { StartForm } from './StartForm';

/** The start form beside the list; a started collection is opened, so that its weeks can be watched. */
export function StartDrawer({ onClose }: { onClose: () => void }) {
  const catalogue = useCatalogue();
  const schedules = useSchedules();
  const templates = useScheduleTemplates();
  const asked = [catalogue, schedules, templates];
  const failed = asked.find(({ error, data }) => error && !data);
  return (
    <Drawer title="Start a collection" subtitle="The oldest is fetched first, since Amazon keeps 13 months." onClose={onClose} size="md">
      {!failed && asked.some(({ isPending }) => isPending) && <LoadingPlaceholder text="Loading datasets, instances and schedules" />}
      {failed && (
        <FailureAlert
          error={failed.error}
          title="What can be collected cannot be shown"
          onRetry={() => void failed.refetch()}
          retrying={failed.isFetching}
        />
      )}
      {catalogue.data?.instances.length === 0 && (
        <EmptyState variant="not-found" message="The collector has no AMC instance">
          An Admin has to connect an AMC account to the collector first: set its credentials and instance in the environment, or in a file
          below provisioning/amc.
        </EmptyState>
      )}
      {catalogue.data && catalogue.data.instances.length > 0 && schedules.data && templates.data && (
        <StartForm
          catalogue={catalogue.data}
          schedules={schedules.data}
          templates={templates.data}
          onCancel={onClose}
          onStarted={({ id }) => locationService.push(locationUtil.stripBaseFromUrl(pagePath('collections/:id', { id })))}
        />
      )}
    </Drawer>
  );
}
