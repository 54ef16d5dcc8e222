import type { Widget, WidgetQuery } from '@amc-reports/collector-service/contract';
import { widget } from '../kinds/index.ts';
import { GRID_COLUMNS } from '../layout/grid.ts';

export interface Kpi {
  metric: string;
  title: string;
  description: string;
  better: 'up' | 'down' | 'neutral';
}

const KPI_ROWS = 5;

/** KPIs of one dataset side by side over the whole width. */
export function kpiRow(dataset: string, kpis: readonly Kpi[], query: WidgetQuery = {}): Widget[] {
  const w = Math.floor(GRID_COLUMNS / kpis.length);
  return kpis.map(({ metric, title, description, better }, index) =>
    widget('kpi', {
      id: `kpi-${metric.replaceAll('_', '-')}`,
      title,
      description: `${description}. The time range, its change since the range of equal length before, and its weeks as a line.`,
      queries: [{ dataset, metrics: [metric], ...query }],
      display: { better },
      place: { x: index * w, y: 0, w, h: KPI_ROWS },
    }),
  );
}
