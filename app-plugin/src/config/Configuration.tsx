import type { AppPluginMeta, PluginConfigPageProps } from '@grafana/data';
import { config, DataSourcePicker, locationService } from '@grafana/runtime';
import { Alert, Button, Field, LinkButton, Stack, Text } from '@grafana/ui';
import { QueryClientProvider } from '@tanstack/react-query';
import { useState } from 'react';
import { FailureAlert } from '../components/FailureAlert';
import { useSaveSettings } from '../data/app-settings';
import { findDatasource } from '../data/datasource';
import { createQueryClient } from '../data/query-client';
import { grafanaPaths, pagePath } from '../paths';
import { DATASOURCE_ID } from '../plugin-id';
import { hasRole } from '../role/role';
import { selectors } from '../selectors';
import type { AppSettings } from '../settings';

type ConfigurationProps = Pick<PluginConfigPageProps<AppPluginMeta<AppSettings>>, 'plugin'>;

/** The tab of the plugin's page on which an Admin chooses the data source. */
export default function Configuration({ plugin }: ConfigurationProps) {
  const [queryClient] = useState(createQueryClient);
  return (
    <QueryClientProvider client={queryClient}>
      <Form meta={plugin.meta} />
    </QueryClientProvider>
  );
}

function Form({ meta: { enabled = false, pinned = false, jsonData } }: { meta: AppPluginMeta<AppSettings> }) {
  const settings = jsonData ?? {};
  const found = findDatasource(settings);
  const [uid, setUid] = useState(settings.datasourceUid ?? found?.uid);
  const save = useSaveSettings(reload);
  const mayConfigure = hasRole('Admin');
  const gone = settings.datasourceUid !== undefined && !found;

  return (
    <Stack direction="column" gap={2} data-testid={selectors.configuration.container}>
      {!enabled && (
        <Alert severity="info" title="The app is switched off">
          Saving switches it on and puts its pages into the menu.
        </Alert>
      )}
      {gone && (
        <Alert severity="warning" title="The chosen data source does not exist any more">
          {`There is no Amazon Marketing Cloud data source with UID ${settings.datasourceUid}. Choose another.`}
        </Alert>
      )}
      <Field
        label="Data source"
        description="The Amazon Marketing Cloud data source through which the app reaches the collector"
        disabled={!mayConfigure}
        htmlFor="amc-datasource"
        noMargin
      >
        <div data-testid={selectors.configuration.datasource}>
          <DataSourcePicker
            pluginId={DATASOURCE_ID}
            current={gone && uid === settings.datasourceUid ? null : (uid ?? null)}
            onChange={(chosen) => setUid(chosen.uid)}
            placeholder="Choose a data source"
            noDefault
            disabled={!mayConfigure}
            inputId="amc-datasource"
            width={40}
          />
        </div>
      </Field>
      <Text color="secondary">
        None to choose from? Add a data source of the type Amazon Marketing Cloud first, with the collector’s URL and token.
      </Text>
      {save.error && <FailureAlert error={save.error} title="The configuration was not saved" />}
      <Stack gap={1} wrap="wrap">
        <Button
          disabled={!mayConfigure || !uid || save.isPending}
          onClick={() => uid && save.mutate({ enabled: true, pinned: pinned || !enabled, jsonData: { ...settings, datasourceUid: uid } })}
          data-testid={selectors.configuration.save}
        >
          {save.isPending ? 'Saving…' : 'Save'}
        </Button>
        <LinkButton variant="secondary" icon="plug" href={grafanaPaths.newDatasource}>
          Add a data source
        </LinkButton>
        {enabled && (
          <LinkButton variant="secondary" fill="text" href={pagePath('')}>
            Open AMC Reports
          </LinkButton>
        )}
      </Stack>
    </Stack>
  );
}

/** Grafana reads an app's settings and menu only when it loads. */
function reload(): void {
  const { pathname, search } = locationService.getLocation();
  window.location.assign(`${config.appSubUrl}${pathname}${search}`);
}
