import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Target {
  refId: string;
  [key: string]: unknown;
}

interface Dashboard {
  panels: { title: string; type: string; targets?: Target[] }[];
}

/** Every query of a shipped dashboard with its panel's title, as it is saved. */
export function targetsOf(name: string): { panel: string; target: Target }[] {
  const path = join(import.meta.dirname, '..', '..', 'dashboards', `${name}.json`);
  const { panels } = JSON.parse(readFileSync(path, 'utf8')) as Dashboard;
  return panels.flatMap((panel) => (panel.targets ?? []).map((target) => ({ panel: panel.title, target })));
}

/** As the dashboard would send it with every variable at All: filters on variables fall away. */
export function withAllVariables(target: Target): Target {
  const filters = (target.filters as { values: string[] }[] | undefined)?.filter(
    ({ values }) => !values.some((value) => value.startsWith('$')),
  );
  return { ...target, instances: [], ...(target.filters === undefined ? {} : { filters: filters ?? [] }) };
}
