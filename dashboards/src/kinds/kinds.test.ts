import { widgetSchema, type Widget } from '@amc-reports/collector-service/contract';
import { readdirSync } from 'node:fs';
import { toPanel } from '../grafana/compile.ts';
import type { Panel } from '../grafana/panel.ts';
import { dimensionsOf, shippedDatasets } from '../shipped-datasets.ts';
import { adProduct, currency, instance } from '../templates/filters.ts';
import { kindOf, kinds, widget, type KindName } from './index.ts';
import { displayMistakes, displaySchemas } from './schemas.ts';

const names = Object.keys(kinds) as KindName[];
const readyOne = (kind: KindName): Widget => {
  const { ready, size } = kinds[kind];
  return { id: 'ready', kind, ...ready, place: { x: 0, y: 0, ...size } };
};
const compiled = (one: Widget): Panel => toPanel(one, one.place, [instance, currency, adProduct], dimensionsOf);
const targets = (one: Widget) => compiled(one).targets ?? [];
const propertiesOf = ({ fieldConfig }: Panel, matches: string) =>
  Object.fromEntries(
    (fieldConfig?.overrides ?? [])
      .filter(({ matcher }) => String(matcher.options) === matches)
      .flatMap(({ properties }) => properties.map(({ id, value }) => [id, value])),
  );

it('every folder is a kind, and every kind has a folder and a schema', () => {
  const folders = readdirSync(__dirname, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  expect(folders.map(({ name }) => name).sort()).toEqual([...names].sort());
  expect(Object.keys(displaySchemas).sort()).toEqual([...names].sort());
});

describe.each(names)('%s', (kind) => {
  it('has a configuration that is valid and asks what a shipped dataset has', () => {
    const ready = readyOne(kind);
    expect(widgetSchema.safeParse(ready).error?.issues).toBeUndefined();
    expect(displayMistakes(ready)).toEqual([]);
    for (const { dataset, metrics = [], dimensions = [], queryType } of targets(ready)) {
      if (dataset === undefined) {
        expect(queryType).toBe('runs');
        continue;
      }
      expect(shippedDatasets.get(dataset)?.metrics.map(({ name }) => name)).toEqual(expect.arrayContaining(metrics));
      expect(dimensionsOf(dataset)).toEqual(expect.arrayContaining(dimensions));
    }
  });

  it('becomes a panel whose queries have names of their own', () => {
    const panel = compiled(readyOne(kind));
    expect(panel.type).not.toBe('');
    const refIds = (panel.targets ?? []).map(({ refId }) => refId);
    expect(new Set(refIds).size).toBe(refIds.length);
  });

  it('refuses a display that it does not know, by the place of the mistake', () => {
    expect(displayMistakes({ id: 'a', kind, display: { ...readyOne(kind).display, colr: 'red' } }).join()).toMatch(
      /^Widget a: display.*colr/,
    );
  });
});

it('says which kinds there are when one does not exist', () => {
  expect(() => kindOf({ id: 'a', kind: 'gauge' })).toThrow('Widget a is of kind gauge, which does not exist. The kinds are kpi, line,');
  expect(displayMistakes({ id: 'a', kind: 'toString', display: {} })).toEqual([expect.stringContaining('no kind is called toString')]);
});

describe('filters of the dashboard', () => {
  it('hold where the dataset has their dimension, and instances always', () => {
    const [target] = targets(readyOne('bar'));
    expect(target).toMatchObject({
      instances: ['$instance'],
      filters: [
        { dimension: 'currency', operator: 'in', values: ['$currency'] },
        { dimension: 'ad_product', operator: 'in', values: ['$ad_product'] },
      ],
    });
    const [other] = targets({ ...readyOne('bar'), queries: [{ dataset: 'unknown', metrics: ['sales'] }] });
    expect(other?.filters?.map(({ dimension }) => dimension)).toEqual(['currency']);
  });

  it('are left out as the widget says, its own stay', () => {
    const own = { dimension: 'advertiser', values: ['Acme'] };
    const query = { dataset: 'campaign_performance', metrics: ['sales'], filters: [own] };
    const [onlyInstances] = targets({ ...readyOne('bar'), queries: [query], filters: 'instances' });
    expect(onlyInstances).toMatchObject({ instances: ['$instance'], filters: [own] });
    const [none] = targets({ ...readyOne('bar'), queries: [query], filters: 'none' });
    expect(none).toMatchObject({ instances: [], filters: [own] });
  });

  it('go along with links, but for the one that the clicked row sets', () => {
    const link = { title: 'Only this', dashboard: 'amc-performance', set: { filter: 'ad_product', field: 'Ad product' } };
    const [opened] = propertiesOf(compiled({ ...readyOne('table'), links: [link] }), 'Ad product').links as { url: string }[];
    expect(opened?.url).toBe(
      '/d/amc-performance?${__url_time_range}&${instance:queryparam}&${currency:queryparam}&var-ad_product=${__value.raw:percentencode}',
    );
  });
});

it('a KPI asks its query as a number that is compared and as a series', () => {
  expect(targets(readyOne('kpi'))).toEqual([
    expect.objectContaining({ refId: 'A', metrics: ['spend'], grain: 'total', format: 'numeric', compare: 'previous_period' }),
    expect.objectContaining({ refId: 'B', metrics: ['spend'], grain: 'week', format: 'timeseries' }),
  ]);
  expect(targets({ ...readyOne('kpi'), display: { better: 'up', trend: 'none' } })).toHaveLength(1);
});

it('a line keeps the hue of a metric for the period before, dashed, and names the axes', () => {
  const panel = compiled({ ...readyOne('line'), display: { leftAxis: 'CTR', rightAxis: [{ title: 'CVR' }, { title: 'ATCR' }] } });
  expect(propertiesOf(panel, '/\\(previous\\)$/')).toMatchObject({ 'custom.lineStyle': { fill: 'dash' } });
  expect(propertiesOf(panel, '/^Spend( \\(|$)/')).toEqual({ color: { mode: 'fixed', fixedColor: 'blue' } });
  expect(propertiesOf(panel, '/^CVR( \\(|$)/')).toMatchObject({ 'custom.axisPlacement': 'right', 'custom.axisLabel': 'CVR' });
  expect(panel.fieldConfig?.defaults.custom).toMatchObject({ axisLabel: 'CTR' });
});

it('a funnel divides each step by the one before, under the name of the step', () => {
  expect(targets(readyOne('funnel'))[1]).toMatchObject({
    calculated: [
      { title: 'Clicks', expression: 'clicks / impressions', unit: 'percent' },
      { title: 'Detail page views', expression: 'detail_page_views / clicks', unit: 'percent' },
      { title: 'Add to carts', expression: 'add_to_carts / detail_page_views', unit: 'percent' },
      { title: 'Purchases', expression: 'purchases / add_to_carts', unit: 'percent' },
    ],
  });
});

it('a table has bars on a scale of each column, colours of changes by what is good, and hides columns', () => {
  const panel = compiled(
    widget('table', {
      ...readyOne('table'),
      display: {
        columns: [
          { title: 'Spend', bar: true },
          { title: 'ACOS change', change: 'down' },
        ],
        hide: ['Spend (previous)'],
      },
    }),
  );
  expect(propertiesOf(panel, '/^Spend( \\(|$)/')).toMatchObject({ fieldMinMax: true, 'custom.cellOptions': { type: 'gauge' } });
  expect(propertiesOf(panel, '/^ACOS change( \\(|$)/').thresholds).toMatchObject({
    steps: [{ color: 'green' }, { color: 'red', value: 0 }],
  });
  expect(panel.transformations).toEqual([{ id: 'organize', options: { excludeByName: { 'Spend (previous)': true } } }]);
});
