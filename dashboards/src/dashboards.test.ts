import { dashboardSchema, type Dashboard } from '@amc-reports/collector-service/contract';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { toFile } from './file.ts';
import { toGrafana } from './grafana/compile.ts';
import type { Panel } from './grafana/panel.ts';
import { DATASOURCE } from './grafana/target.ts';
import { displayMistakes } from './kinds/schemas.ts';
import { overlaps } from './layout/overlaps.ts';
import { dimensionsOf } from './shipped-datasets.ts';
import { templates } from './templates/index.ts';

const folder = join(__dirname, '../json');
const all = Object.entries(templates);

it('every file in the folder is compiled from a definition, every definition has its file, and nothing else lies there', () => {
  // Grafana reads whatever lies in the folder, every minute.
  expect(readdirSync(folder).sort()).toEqual(all.map(([name]) => `${name}.json`).sort());
});

it('no two have the same uid or title', () => {
  for (const key of ['uid', 'title'] as const) expect(new Set(all.map(([, each]) => each[key])).size).toBe(all.length);
});

describe.each(all)('%s', (name: string, definition: Dashboard) => {
  const compiled = toGrafana(definition, dimensionsOf);
  const panels = compiled.panels.flatMap((panel): Panel[] => ('panels' in panel ? [panel, ...(panel.panels as Panel[])] : [panel]));
  const shown = panels.filter((panel) => panel.type !== 'row');

  it('is a valid definition, in every widget', () => {
    expect(dashboardSchema.safeParse(definition).error?.issues).toBeUndefined();
    expect(definition.sections.flatMap(({ widgets }) => widgets.flatMap(displayMistakes))).toEqual([]);
  });

  it('is the file that is committed (npm run build --workspace dashboards)', () => {
    expect(readFileSync(join(folder, `${name}.json`), 'utf8')).toBe(toFile(compiled));
  });

  it('has a fixed uid, no database id, a tag and a description', () => {
    expect(compiled.uid).toMatch(/^amc-[a-z-]{1,36}$/);
    expect(compiled).not.toHaveProperty('id');
    expect(compiled.tags).toContain('amc-reports');
    expect(compiled.description.length).toBeGreaterThan(20);
  });

  it('shows days in UTC and weeks from Monday, as the collector sends them', () => {
    expect(compiled).toMatchObject({ timezone: 'utc', weekStart: 'monday' });
  });

  it.each(shown.map((panel) => [panel.title, panel] as const))(
    'panel %s has a description, and with queries the data source and a text for no data',
    (_, panel) => {
      expect(panel.description?.length).toBeGreaterThan(10);
      if (panel.type === 'text') return;
      expect(panel.datasource).toEqual(DATASOURCE);
      expect(panel.targets?.length).toBeGreaterThan(0);
      for (const target of panel.targets ?? []) expect(target).toMatchObject({ datasource: DATASOURCE, version: 2 });
      expect(panel.fieldConfig?.defaults).toHaveProperty('noValue');
    },
  );

  it('uses no panel that Grafana has given up', () => {
    for (const { type } of shown) expect(['graph', 'singlestat', 'table-old', 'grafana-piechart-panel', 'worldmap']).not.toContain(type);
  });

  it('panels do not overlap and stay inside the grid', () => {
    const places = panels.map(({ gridPos }) => gridPos);
    for (const { x, w } of places) expect(x + w).toBeLessThanOrEqual(24);
    const open = compiled.panels.map(({ gridPos }) => gridPos);
    expect(overlaps(open)).toEqual([]);
  });

  it('panel ids are unique', () => {
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  });

  it('uses only variables it declares', () => {
    const declared = new Set(compiled.templating.list.map((variable) => variable.name));
    const used = [...JSON.stringify(compiled).matchAll(/\$(?:\{([a-z_]+)(?::\w+)?\}|([a-z_]+))/g)].map(
      (match) => match[1] ?? match[2] ?? '',
    );
    for (const variable of used.filter((variable) => !variable.startsWith('__'))) expect(declared).toContain(variable);
  });

  it('links only to dashboards that are shipped, and sets only filters that they have', () => {
    for (const { links = [] } of definition.sections.flatMap(({ widgets }) => widgets))
      for (const { dashboard, set } of links) {
        const target = all.find(([, { uid }]) => uid === dashboard)?.[1];
        expect([dashboard, target?.uid]).toEqual([dashboard, dashboard]);
        if (set) expect(target?.filters.map(({ name }) => name)).toContain(set.filter);
      }
  });
});
