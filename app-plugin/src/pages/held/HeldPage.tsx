import { PluginPage } from '@grafana/runtime';
import { Stack } from '@grafana/ui';
import { LiveSign } from '../../components/LiveSign';
import { ReadOnlyNotice } from '../../components/ReadOnlyNotice';
import { RequireDatasource } from '../../components/RequireDatasource';
import { selectors } from '../../selectors';
import { HeldQuestions } from './HeldQuestions';

/** Results that wait for a person, and the decision about many at once. */
export default function HeldPage() {
  return (
    <RequireDatasource>
      <PluginPage
        subTitle="Results that contradict the earlier ones, or those around them, wait here for a person. Dashboards show the earlier data meanwhile."
        actions={<LiveSign />}
      >
        <Stack direction="column" gap={2} data-testid={selectors.held.container}>
          <ReadOnlyNotice />
          <HeldQuestions />
        </Stack>
      </PluginPage>
    </RequireDatasource>
  );
}
