import type { BootData } from '@grafana/data';
import { EventBusSrv, type DataSourceInstanceSettings, type NavModelItem } from '@grafana/data';
import { config, setAppEvents, setBackendSrv, setDataSourceSrv, type DataSourceSrv } from '@grafana/runtime';
import type { Role } from '@amc-reports/collector-service/contract';
import type { ComponentType, ReactNode } from 'react';
import { DATASOURCE_ID } from '../plugin-id';
import { testBackendSrv } from './backend-srv';

/** How Grafana gives its page frame to plugins; not exported, so it is taken from its file. */
const { setPluginPage } = jest.requireActual<{ setPluginPage: (page: ComponentType<PageProps>) => void }>(
  '../../../node_modules/@grafana/runtime/dist/cjs/components/PluginPage.cjs',
);

interface PageProps {
  pageNav?: NavModelItem;
  subTitle?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}

/** Grafana's page frame as far as the app fills it. */
const Page = ({ pageNav, subTitle, actions, children }: PageProps) => (
  <main>
    <h1>{pageNav?.text}</h1>
    <p>{subTitle}</p>
    <div>{actions}</div>
    {children}
  </main>
);

export interface GrafanaOptions {
  role?: Role;
  /** UIDs of the AMC data sources there are. */
  datasources?: readonly string[];
}

/** Puts a Grafana around the app, and returns the toasts that it shows. */
export function startGrafana({ role = 'Admin', datasources = ['amc-reports'] }: GrafanaOptions = {}): string[] {
  const toasts: string[] = [];
  const events = new EventBusSrv();
  for (const name of ['alert-success', 'alert-error']) {
    events.on({ name }, (payload?: string[]) => void toasts.push((payload ?? []).join(': ')));
  }
  setAppEvents(events);
  setBackendSrv(testBackendSrv);
  setPluginPage(Page);
  const list = datasources.map(
    (uid) =>
      ({
        uid,
        name: uid,
        type: DATASOURCE_ID,
        meta: { id: DATASOURCE_ID, info: { logos: { small: '', large: '' } } },
      }) as unknown as DataSourceInstanceSettings,
  );
  setDataSourceSrv({
    getList: () => list,
    getInstanceSettings: (ref: unknown) => list.find(({ uid }) => uid === ref || uid === (ref as { uid?: string } | null)?.uid),
  } as unknown as DataSourceSrv);
  // The collector's stream is asked for by the browser's own fetch, which in Node needs a whole address.
  config.appSubUrl = 'http://localhost';
  config.buildInfo = { ...config.buildInfo, version: '12.3.0' };
  config.bootData = { ...config.bootData, user: { orgRole: role, language: 'en-US' } } as unknown as BootData;
  return toasts;
}
