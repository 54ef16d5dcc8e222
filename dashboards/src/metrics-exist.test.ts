import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { dashboards } from './all.ts';
import type { Panel } from './panel.ts';
import type { Target } from './target.ts';

const datasetsFolder = join(__dirname, '../../collector-service/src/data/catalogue/datasets');
const datasets = new Map(
  readdirSync(datasetsFolder)
    .filter((file) => file.endsWith('.yaml'))
    .map(
      (file) =>
        parse(readFileSync(join(datasetsFolder, file), 'utf8')) as {
          dataset: string;
          metrics: { name: string }[];
          dimensions: { name: string }[];
        },
    )
    .map((dataset) => [dataset.dataset, dataset]),
);
const alertTargets = (
  parse(readFileSync(join(__dirname, '../../provisioning/alerting/amc-reports.yaml'), 'utf8')) as {
    groups: { rules: { data: { datasourceUid: string; model: Target }[] }[] }[];
  }
).groups.flatMap((group) =>
  group.rules.flatMap((rule) => rule.data.filter((query) => query.datasourceUid !== '__expr__').map((query) => query.model)),
);

const targets = [
  ...Object.values(dashboards).flatMap((dashboard) => (dashboard.panels as Panel[]).flatMap((panel) => panel.targets ?? [])),
  ...alertTargets,
];

it('every query of a dashboard or alert rule asks for what a shipped dataset has', () => {
  expect(targets.length).toBeGreaterThan(10);
  for (const target of targets) {
    const dataset = datasets.get(target.dataset ?? '');
    expect(dataset).toBeDefined();
    const metrics = dataset?.metrics.map((metric) => metric.name);
    for (const metric of target.metrics ?? []) expect(metrics).toContain(metric);
    const dimensions = ['instance', 'currency', ...(dataset?.dimensions.map((dimension) => dimension.name) ?? [])];
    for (const name of [...(target.dimensions ?? []), ...(target.filters ?? []).map((filter) => filter.dimension)])
      expect(dimensions).toContain(name);
  }
});

/** What a table or rule is grouped by that Amazon can hide. */
const isBreakdown = ({ dimensions = [] }: Target) => dimensions.some((name) => name !== 'instance');

it('an alert rule raises no alert about what Amazon hid', () => {
  for (const target of alertTargets) expect(target).toMatchObject({ rest: 'hide' });
});

it('a ranking leaves out what Amazon hid, and every other breakdown says what becomes of it', () => {
  const breakdowns = targets.filter(isBreakdown);
  expect(breakdowns.length).toBeGreaterThan(1);
  for (const { rest, limit } of breakdowns) expect(limit === undefined ? ['show', 'hide'] : ['hide']).toContain(rest);
});

it('alert rules use no variables and ask for the newest complete bucket, as numbers', () => {
  for (const target of alertTargets) {
    expect(JSON.stringify(target)).not.toContain('$');
    expect(target).toMatchObject({ latest: true, format: 'numeric', version: 2 });
  }
});
