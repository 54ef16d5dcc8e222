import { AppPlugin, type AppPluginMeta, type AppRootProps, type PluginConfigPageProps } from '@grafana/data';
import { LoadingPlaceholder } from '@grafana/ui';
import { lazy, Suspense } from 'react';
import type { AppSettings } from './settings';

const App = lazy(() => import('./App'));
const Configuration = lazy(() => import('./config/Configuration'));

const Root = (props: AppRootProps<AppSettings>) => (
  <Suspense fallback={<LoadingPlaceholder text="Loading AMC Reports" />}>
    <App {...props} />
  </Suspense>
);

const ConfigurationTab = (props: PluginConfigPageProps<AppPluginMeta<AppSettings>>) => (
  <Suspense fallback={<LoadingPlaceholder text="Loading the configuration" />}>
    <Configuration {...props} />
  </Suspense>
);

export const plugin = new AppPlugin<AppSettings>().setRootPage(Root).addConfigPage({
  id: 'configuration',
  title: 'Configuration',
  icon: 'cog',
  body: ConfigurationTab,
});
