import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dashboards } from './all.ts';
import type { Dashboard } from './dashboard.ts';
import { toFile } from './file.ts';
import type { Panel } from './panel.ts';
import { DATASOURCE } from './target.ts';

const folder = join(__dirname, '../json');
const all = Object.entries(dashboards) as [string, Dashboard][];

it('every file in the folder is built from source, every dashboard has its file, and nothing else lies there', () => {
  // Grafana reads whatever lies in the folder, every minute.
  expect(readdirSync(folder).sort()).toEqual(all.map(([name]) => `${name}.json`).sort());
});

describe.each(all)('%s', (name, dashboard) => {
  const panels = dashboard.panels as Panel[];
  const shown = panels.filter((panel) => panel.type !== 'row');

  it('is the file that is committed (npm run build --workspace dashboards)', () => {
    expect(readFileSync(join(folder, `${name}.json`), 'utf8')).toBe(toFile(dashboard));
  });

  it('has a fixed uid, no database id, tags and a description', () => {
    expect(dashboard.uid).toMatch(/^amc-[a-z-]{1,36}$/);
    expect(dashboard).not.toHaveProperty('id');
    expect(dashboard.tags).toContain('amc-reports');
    expect(dashboard.description).not.toBe('');
  });

  it('shows days in UTC and weeks from Monday, as the collector sends them', () => {
    expect(dashboard).toMatchObject({ timezone: 'utc', weekStart: 'monday' });
  });

  it.each(shown.map((panel) => [panel.title, panel] as const))(
    'panel %s has a description, the data source, queries and a text for no data',
    (_, panel) => {
      expect(panel.description.length).toBeGreaterThan(10);
      expect(panel.datasource).toEqual(DATASOURCE);
      expect(panel.targets?.length).toBeGreaterThan(0);
      for (const target of panel.targets ?? []) expect(target).toMatchObject({ datasource: DATASOURCE, version: 2 });
      expect(panel.fieldConfig?.defaults).toHaveProperty('noValue');
    },
  );

  it('panels do not overlap and stay inside the grid', () => {
    const taken = new Set<string>();
    for (const { gridPos } of panels) {
      expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x += 1) {
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y += 1) {
          expect(taken).not.toContain(`${x},${y}`);
          taken.add(`${x},${y}`);
        }
      }
    }
  });

  it('panel ids are unique', () => {
    expect(new Set(panels.map((panel) => panel.id)).size).toBe(panels.length);
  });

  it('uses only variables it declares', () => {
    const declared = new Set(dashboard.templating.list.map((variable) => variable.name));
    const used = [...JSON.stringify(dashboard).matchAll(/\$(?:\{([a-z_]+)(?::\w+)?\}|([a-z_]+))/g)].map(
      (match) => match[1] ?? match[2] ?? '',
    );
    for (const variable of used.filter((variable) => !variable.startsWith('__'))) expect(declared).toContain(variable);
    expect(used.length).toBeGreaterThan(0);
  });
});
