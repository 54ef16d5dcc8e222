import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Target {
  refId: string;
  [key: string]: unknown;
}

interface Panel {
  title: string;
  type: string;
  targets?: Target[];
  panels?: Panel[];
}

export interface ShippedDashboard {
  uid: string;
  title: string;
  panels: Panel[];
  templating: { list: { name: string; type: string; current?: { value?: unknown } }[] };
}

const folder = join(import.meta.dirname, '..', '..', 'dashboards', 'json');

/** The shipped dashboards as they are provisioned, by the name of their file. */
export const shippedDashboards: readonly ShippedDashboard[] = readdirSync(folder).map(
  (file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as ShippedDashboard,
);

/** Every panel but rows, those of closed rows too. */
export const panelsOf = ({ panels }: Pick<ShippedDashboard, 'panels'>): Panel[] =>
  panels.flatMap((panel) => (panel.type === 'row' ? (panel.panels ?? []) : [panel]));

/** Every query of a dashboard with its panel's title, as the dashboard sends it with every variable at All or its first choice. */
export function targetsOf(dashboard: ShippedDashboard): { panel: string; target: Target }[] {
  const choices = new Map(
    dashboard.templating.list.filter(({ type }) => type === 'custom').map(({ name, current }) => [`$${name}`, current?.value as string]),
  );
  const filled = (names: unknown) => (names as string[] | undefined)?.map((name) => choices.get(name) ?? name);
  return panelsOf(dashboard).flatMap(({ title, targets = [] }) =>
    targets.map((target) => {
      const orderBy = target.orderBy as { by: string } | undefined;
      const filters = (target.filters as { values: string[] }[] | undefined)?.filter(
        ({ values }) => !values.some((value) => value.startsWith('$')),
      );
      return {
        panel: title,
        target: {
          ...target,
          instances: [],
          ...(target.metrics !== undefined && { metrics: filled(target.metrics) }),
          ...(target.dimensions !== undefined && { dimensions: filled(target.dimensions) }),
          ...(orderBy && { orderBy: { ...orderBy, by: choices.get(orderBy.by) ?? orderBy.by } }),
          ...(filters && { filters }),
        },
      };
    }),
  );
}
