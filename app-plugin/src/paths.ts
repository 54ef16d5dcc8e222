import { APP_ID, DATASOURCE_ID } from './plugin-id';

/** Where things are, relative to Grafana's own address. */
const root = `/a/${APP_ID}`;

export const paths = {
  home: root,
  collections: `${root}/collections`,
  startCollection: `${root}/collections?start=true`,
  collection: (id: string) => `${root}/collections/${encodeURIComponent(id)}`,
  configuration: `/plugins/${APP_ID}`,
  datasource: (uid: string) => `/connections/datasources/edit/${encodeURIComponent(uid)}`,
  newDatasource: `/connections/datasources/${DATASOURCE_ID}`,
} as const;
