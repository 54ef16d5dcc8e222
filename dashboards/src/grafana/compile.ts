import type { Dashboard, DashboardFilter, Place, Widget } from '@amc-reports/collector-service/contract';
import { kindOf } from '../kinds/index.ts';
import { stack, type StackedSection } from '../layout/stack.ts';
import { addressOf } from './link.ts';
import { byName } from './overrides.ts';
import type { Panel } from './panel.ts';
import { quickRanges } from './quick-ranges.ts';
import { DATASOURCE, toTarget, type DimensionsOf } from './target.ts';
import { toVariable } from './variable.ts';

/** Found by dashboards that link to all others. */
export const DASHBOARD_TAG = 'amc-reports';

/**
 * A whole dashboard in Grafana's classic JSON. Time zone UTC, since a day is sent as UTC midnight of its local date and must be the same
 * day on every screen. Weeks begin on Monday.
 *
 * @throws Error when a widget is of a kind that does not exist
 */
export function toGrafana(dashboard: Dashboard, dimensionsOf: DimensionsOf) {
  const { uid, title, description, tags = [], version, time, filters, events = [], sections } = dashboard;
  return {
    uid,
    title,
    description,
    tags: [DASHBOARD_TAG, ...tags],
    version,
    schemaVersion: 41,
    editable: true,
    graphTooltip: 1,
    timezone: 'utc',
    weekStart: 'monday',
    time,
    timepicker: { refresh_intervals: ['1m', '5m', '15m', '1h'], quick_ranges: quickRanges },
    refresh: '',
    fiscalYearStartMonth: 0,
    annotations: { list: events.map((dataset) => restatements(dataset, filters)) },
    templating: { list: filters.map((filter) => toVariable(filter, filters)) },
    links: [otherDashboards],
    panels: numbered(stack(sections).flatMap((stacked) => panelsOf(stacked, filters, dimensionsOf))),
  };
}

export type GrafanaDashboard = ReturnType<typeof toGrafana>;

const restatements = (dataset: string, filters: readonly DashboardFilter[]) => ({
  name: 'Restatements',
  datasource: DATASOURCE,
  enable: true,
  hide: false,
  iconColor: 'purple',
  target: {
    refId: 'Anno',
    version: 2,
    queryType: 'restatements',
    dataset,
    instances: filters.some(({ kind }) => kind === 'instance') ? ['$instance'] : [],
    datasource: DATASOURCE,
  },
});

const otherDashboards = {
  type: 'dashboards',
  title: 'AMC dashboards',
  tags: [DASHBOARD_TAG],
  asDropdown: true,
  includeVars: true,
  keepTime: true,
  icon: 'external link',
  targetBlank: false,
  tooltip: 'Other dashboards over the same data, with this time range and these filters',
  url: '',
};

/** A closed section holds its panels inside its row; an open one has them after it. */
function panelsOf({ section, heading, places }: StackedSection, filters: readonly DashboardFilter[], dimensionsOf: DimensionsOf) {
  const panels = section.widgets.map((widget, index) => toPanel(widget, places[index] as Place, filters, dimensionsOf));
  if (heading === undefined) return panels;
  const { title = '', collapsed = false } = section;
  const row = { type: 'row', title, gridPos: { x: 0, y: heading, w: 24, h: 1 }, collapsed, panels: collapsed ? panels : [] };
  return collapsed ? [row] : [row, ...panels];
}

/** One widget as a panel at a place of the dashboard. */
export function toPanel(widget: Widget, place: Place, filters: readonly DashboardFilter[], dimensionsOf: DimensionsOf): Panel {
  const {
    type,
    options,
    targets,
    defaults = {},
    overrides = [],
    transformations,
    maxDataPoints,
  } = kindOf(widget).panel(widget, (query, refId) => toTarget(query, refId, widget, filters, dimensionsOf));
  const { links = [] } = widget;
  const onPanel = links.filter(({ set }) => set === undefined).map((link) => ({ title: link.title, url: addressOf(link, filters) }));
  const onRows = links.flatMap((link) =>
    link.set ? [byName(link.set.field, { links: [{ title: link.title, url: addressOf(link, filters) }] })] : [],
  );
  return {
    type,
    title: widget.title,
    description: widget.description,
    gridPos: place,
    ...(targets.length > 0 && { datasource: DATASOURCE, targets }),
    fieldConfig: { defaults: { noValue: widget.empty ?? 'No data', ...defaults }, overrides: [...overrides, ...onRows] },
    options,
    ...(transformations && { transformations }),
    ...(maxDataPoints && { maxDataPoints }),
    ...(widget.relativeTime && { timeFrom: widget.relativeTime.replace(/^now-/, '') }),
    ...(onPanel.length > 0 && { links: onPanel as NonNullable<Panel['links']> }),
  };
}

type Row = { type: 'row'; title: string; gridPos: Place; collapsed: boolean; panels: Panel[] };
const isRow = (panel: Panel | Row): panel is Row => panel.type === 'row';

/** Panel ids follow the order of reading, those of a closed row after its own. */
function numbered(panels: readonly (Panel | Row)[]) {
  let id = 0;
  const next = <T extends object>(panel: T) => ({ id: (id += 1), ...panel });
  return panels.map((panel) => (isRow(panel) ? ((row) => ({ ...row, panels: row.panels.map(next) }))(next(panel)) : next(panel)));
}
