import { PluginPage } from '@grafana/runtime';
import { Button, Stack } from '@grafana/ui';
import { useSearchParams } from 'react-router-dom';
import { LiveSign } from '../../components/LiveSign';
import { ReadOnlyNotice } from '../../components/ReadOnlyNotice';
import { RequireDatasource } from '../../components/RequireDatasource';
import { hasRole } from '../../role/role';
import { selectors } from '../../selectors';
import { CollectionList } from './CollectionList';
import { StartDrawer } from './start-form/StartDrawer';

/** What is collected, and how to start collecting. `?start=true` opens the form. */
export default function CollectionsPage() {
  const [params, setParams] = useSearchParams();
  const mayStart = hasRole('Editor');
  const open = (start: boolean) =>
    setParams((old) => {
      const next = new URLSearchParams(old);
      if (start) next.set('start', 'true');
      else next.delete('start');
      return next;
    });
  const startButton = mayStart ? (
    <Button icon="plus" onClick={() => open(true)} data-testid={selectors.collections.start}>
      Start a collection
    </Button>
  ) : undefined;

  return (
    <RequireDatasource>
      <PluginPage
        subTitle="A collection fetches a dataset for an AMC instance, a week or a month at a time, and keeps it."
        actions={
          <Stack gap={2} alignItems="center">
            <LiveSign />
            {startButton}
          </Stack>
        }
      >
        <Stack direction="column" gap={2} data-testid={selectors.collections.container}>
          <ReadOnlyNotice />
          <CollectionList startButton={startButton} />
        </Stack>
        {mayStart && params.get('start') === 'true' && <StartDrawer onClose={() => open(false)} />}
      </PluginPage>
    </RequireDatasource>
  );
}
