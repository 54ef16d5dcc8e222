import { config } from '@grafana/runtime';
import { APP_ID, DATASOURCE_ID } from './plugin-id';

/** Addresses for links, with the path under which Grafana is served, so that they also open in a new tab. */
const root = `${config.appSubUrl}/a/${APP_ID}`;

export const paths = {
  home: root,
  collections: `${root}/collections`,
  startCollection: `${root}/collections?start=true`,
  collection: (id: string) => `${root}/collections/${encodeURIComponent(id)}`,
  configuration: `${config.appSubUrl}/plugins/${APP_ID}?page=configuration`,
  datasource: (uid: string) => `${config.appSubUrl}/connections/datasources/edit/${encodeURIComponent(uid)}`,
  datasources: `${config.appSubUrl}/connections/datasources`,
  newDatasource: `${config.appSubUrl}/plugins/${DATASOURCE_ID}`,
} as const;
