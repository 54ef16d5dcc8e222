import { DATASOURCE, type Target } from './target.ts';

/** Classic dashboard JSON (Grafana 12.3 and newer read it; reference: Grafana's dashboard JSON model). */
export interface Panel {
  type: string;
  title: string;
  description: string;
  gridPos: { x: number; y: number; w: number; h: number };
  id?: number;
  datasource?: typeof DATASOURCE;
  targets?: Target[];
  fieldConfig?: FieldConfig;
  options?: Record<string, unknown>;
  transformations?: { id: string; options: Record<string, unknown> }[];
  [key: string]: unknown;
}

export interface FieldConfig {
  defaults: Record<string, unknown>;
  overrides: { matcher: { id: string; options: unknown }; properties: { id: string; value: unknown }[] }[];
}

export type Override = FieldConfig['overrides'][number];

type Place = Panel['gridPos'];
interface Shared {
  title: string;
  description: string;
  at: Place;
  targets: Target[];
  overrides?: Override[];
  defaults?: Record<string, unknown>;
  transformations?: Panel['transformations'];
  links?: unknown[];
}

const panel = (
  type: string,
  { title, description, at, targets, overrides = [], defaults = {}, transformations, links }: Shared,
  options: Record<string, unknown>,
): Panel => ({
  type,
  title,
  description,
  gridPos: at,
  datasource: DATASOURCE,
  targets,
  fieldConfig: { defaults: { noValue: 'No data', ...defaults }, overrides },
  options,
  ...(transformations && { transformations }),
  ...(links && { links }),
});

export const byName = (name: string, properties: Record<string, unknown>): Override => override('byName', name, properties);
export const byRegexp = (pattern: string, properties: Record<string, unknown>): Override => override('byRegexp', pattern, properties);
export const byQuery = (refId: string, properties: Record<string, unknown>): Override => override('byFrameRefID', refId, properties);
const override = (id: string, options: unknown, properties: Record<string, unknown>): Override => ({
  matcher: { id, options },
  properties: Object.entries(properties).map(([key, value]) => ({ id: key, value })),
});

export const stat = (shared: Shared, options: Record<string, unknown> = {}): Panel =>
  panel('stat', shared, {
    colorMode: 'none',
    graphMode: 'area',
    justifyMode: 'auto',
    orientation: 'horizontal',
    reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false },
    textMode: 'value_and_name',
    wideLayout: true,
    ...options,
  });

const lines = {
  drawStyle: 'line',
  lineWidth: 2,
  fillOpacity: 8,
  showPoints: 'auto',
  pointSize: 4,
  spanNulls: false,
  lineInterpolation: 'linear',
};

export const timeseries = ({ defaults, ...shared }: Shared & { custom?: Record<string, unknown> }): Panel =>
  panel(
    'timeseries',
    { ...shared, defaults: { custom: { ...lines, ...shared.custom }, ...defaults } },
    { legend: { displayMode: 'list', placement: 'bottom', showLegend: true, calcs: [] }, tooltip: { mode: 'multi', sort: 'desc' } },
  );

export const barchart = (shared: Shared, options: Record<string, unknown>): Panel =>
  panel('barchart', shared, {
    orientation: 'horizontal',
    barWidth: 0.8,
    groupWidth: 0.75,
    showValue: 'auto',
    stacking: 'none',
    legend: { displayMode: 'list', placement: 'bottom', showLegend: true, calcs: [] },
    tooltip: { mode: 'multi', sort: 'none' },
    ...options,
  });

export const bargauge = (shared: Shared, options: Record<string, unknown>): Panel =>
  panel('bargauge', shared, {
    displayMode: 'basic',
    orientation: 'horizontal',
    showUnfilled: false,
    valueMode: 'text',
    reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false },
    ...options,
  });

/** An empty cell is a number that does not exist, such as ACOS without sales; it says so with a dash. */
export const table = ({ defaults, ...shared }: Shared, options: Record<string, unknown> = {}): Panel =>
  panel(
    'table',
    { ...shared, defaults: { noValue: '–', ...defaults } },
    { cellHeight: 'sm', showHeader: true, enablePagination: true, ...options },
  );

export const piechart = (shared: Shared): Panel =>
  panel('piechart', shared, {
    pieType: 'donut',
    displayLabels: ['percent'],
    legend: { displayMode: 'table', placement: 'right', showLegend: true, values: ['value'] },
    reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false },
    tooltip: { mode: 'single', sort: 'none' },
  });

export const row = (title: string, y: number): Panel => ({
  type: 'row',
  title,
  description: '',
  gridPos: { x: 0, y, w: 24, h: 1 },
  collapsed: false,
  panels: [],
});

/** A change since the previous period: green when it is good, red when it is not; grey when neither. */
export const changeColours = (better: 'up' | 'down' | 'neutral') => ({
  unit: 'percentunit',
  decimals: 1,
  thresholds: {
    mode: 'absolute',
    steps:
      better === 'neutral'
        ? [{ color: 'text', value: null }]
        : [
            { color: better === 'up' ? 'red' : 'green', value: null },
            { color: better === 'up' ? 'green' : 'red', value: 0 },
          ],
  },
  color: { mode: 'thresholds' },
});
