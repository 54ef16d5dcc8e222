import { getDataSourceSrv } from '@grafana/runtime';
import { createContext, useContext } from 'react';
import { DATASOURCE_ID, DEFAULT_DATASOURCE_UID } from '../plugin-id';
import type { AppSettings } from '../settings';

/** The data source through which the app asks the collector. */
export interface Datasource {
  readonly uid: string;
  readonly name: string;
}

/** The chosen one; else the provisioned one; else the only one of its kind. Undefined when there is none, or several and no choice. */
export function findDatasource({ datasourceUid }: AppSettings): Datasource | undefined {
  const all = getDataSourceSrv().getList({ pluginId: DATASOURCE_ID, all: true });
  if (datasourceUid) return all.find(({ uid }) => uid === datasourceUid);
  return all.find(({ uid }) => uid === DEFAULT_DATASOURCE_UID) ?? (all.length === 1 ? all[0] : undefined);
}

export const DatasourceContext = createContext<Datasource | undefined>(undefined);

/** UID of the app's data source. Only below RequireDatasource, which shows what to do when there is none. */
export function useDatasourceUid(): string {
  const datasource = useContext(DatasourceContext);
  if (!datasource) throw new Error('This part of the app is drawn only when a data source was found.');
  return datasource.uid;
}
