import { toGrafana } from './grafana/compile.ts';
import type { Panel } from './grafana/panel.ts';
import type { Target } from './grafana/target.ts';
import type { FunnelDisplay } from './kinds/funnel/schema.ts';
import type { TableDisplay } from './kinds/table/schema.ts';
import { dimensionsOf, shippedDatasets } from './shipped-datasets.ts';
import { templates } from './templates/index.ts';

const targets: Target[] = Object.values(templates).flatMap((definition) => {
  const choices = new Map(
    definition.filters.flatMap((filter) =>
      filter.kind === 'choice' ? [[`$${filter.name}`, filter.options.map(({ value }) => value)]] : [],
    ),
  );
  const filled = (name: string) => choices.get(name) ?? [name];
  return toGrafana(definition, dimensionsOf)
    .panels.flatMap((panel): Panel[] => ('panels' in panel ? (panel.panels as Panel[]) : [panel]))
    .flatMap(({ targets = [] }) => targets)
    .map((target) => ({
      ...target,
      metrics: (target.metrics ?? []).flatMap(filled),
      dimensions: (target.dimensions ?? []).flatMap(filled),
    }));
});

it('every query of a dashboard asks for what a shipped dataset has', () => {
  expect(targets.length).toBeGreaterThan(10);
  for (const { dataset, metrics = [], dimensions = [], filters = [], queryType } of targets) {
    if (dataset === undefined) {
      expect(queryType).toMatch(/^(freshness|collection_health|runs|events)$/);
      continue;
    }
    const found = shippedDatasets.get(dataset);
    expect([dataset, found?.dataset]).toEqual([dataset, dataset]);
    expect(found?.metrics.map(({ name }) => name)).toEqual(expect.arrayContaining(metrics));
    expect(['instance', 'currency', ...dimensionsOf(dataset)]).toEqual(
      expect.arrayContaining([...dimensions, ...filters.map((filter) => filter.dimension)]),
    );
  }
});

it('words that a widget takes from the catalogue are those of the catalogue', () => {
  const titles = new Set([
    'Instance',
    'Dataset',
    'Title',
    ...[...shippedDatasets.values()].flatMap(({ metrics, dimensions }) => [...metrics, ...dimensions].map(({ title }) => title)),
  ]);
  const words = Object.values(templates).flatMap(({ sections }) =>
    sections.flatMap(({ widgets }) =>
      widgets.flatMap(({ kind, display, links = [] }) => [
        ...(kind === 'table' ? ((display as TableDisplay).columns ?? []) : []).map(({ title }) => title),
        ...(kind === 'funnel' ? (display as FunnelDisplay).steps : []).map(({ title }) => title),
        ...(['heat_map', 'paths', 'overlap'].includes(kind) ? Object.values(display as Record<string, string>) : []),
        ...links.flatMap(({ set }) => (set ? [set.field] : [])),
      ]),
    ),
  );
  expect(words.length).toBeGreaterThan(5);
  for (const word of words.map((word) => word.replace(/ change$/, ''))) expect([word, titles.has(word)]).toEqual([word, true]);
});

/** What a table is grouped by that Amazon can hide. */
const isBreakdown = ({ dimensions = [] }: Target) => dimensions.some((name) => name !== 'instance');

it('a ranking leaves out what Amazon hid, and every other breakdown says what becomes of it', () => {
  const breakdowns = targets.filter(isBreakdown);
  expect(breakdowns.length).toBeGreaterThan(1);
  for (const { rest, limit } of breakdowns) expect(limit === undefined ? ['show', 'hide'] : ['hide']).toContain(rest);
});
