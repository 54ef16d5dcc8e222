export { DASHBOARD_TAG, toGrafana, toPanel, type GrafanaDashboard } from './grafana/compile.ts';
export { DATASOURCE, type DimensionsOf, type Target } from './grafana/target.ts';
export { kindOf, kinds, widget, type KindName } from './kinds/index.ts';
export { compact } from './layout/compact.ts';
export { overlaps } from './layout/overlaps.ts';
export { readingOrder } from './layout/reading-order.ts';
export { singleColumn } from './layout/single-column.ts';
export { templates } from './templates/index.ts';
