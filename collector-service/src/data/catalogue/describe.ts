import type { Catalogue } from '../../contract/catalogue.ts';
import type { Dataset, Metric } from './dataset.ts';
import { countsPeople, levelsOf } from './levels.ts';

type Described = Catalogue['datasets'][number];

/** A dataset as the API describes it. Days come from the day column; without one its rows belong to whole weeks. */
export function describeDataset(dataset: Dataset): Described {
  const hasDay = dataset.columns.some((column) => column.role === 'day');
  return {
    name: dataset.dataset,
    version: dataset.version,
    title: dataset.title,
    description: dataset.description,
    window: dataset.window,
    ...(dataset.window_of !== undefined && { windowOf: dataset.window_of }),
    grains: hasDay ? ['total', 'day', 'week', 'month'] : windowGrains(dataset),
    dimensions: dataset.dimensions.map(({ name, title, description, labels }) => ({
      name,
      title,
      description,
      ...(labels !== undefined && { labels }),
    })),
    metrics: dataset.metrics.map((metric) => ({
      name: metric.name,
      title: metric.title,
      description: metric.description,
      kind: metric.kind,
      unit: metric.unit,
      better: metric.better,
      formula: formula(dataset, metric),
    })),
    ...(countsPeople(dataset) ? { levels: levelsOf(dataset).map(({ dimensions }) => [...dimensions]) } : {}),
  };
}

/** Months of whole windows are those that have an execution of their own. */
function windowGrains({ window, also_windows: others = [] }: Dataset): Described['grains'] {
  if (window === 'month') return ['total', 'month'];
  return others.includes('month') ? ['total', 'week', 'month'] : ['total', 'week'];
}

/** `1,000 × Spend ÷ Impressions`, for ratios. */
function formula(dataset: Dataset, metric: Metric): string | null {
  if (metric.kind !== 'ratio') return null;
  const title = (name: string) => dataset.metrics.find((each) => each.name === name)?.title ?? name;
  const scale = metric.scale === 1 ? '' : `${metric.scale.toLocaleString('en-US')} × `;
  return `${scale}${title(metric.numerator)} ÷ ${title(metric.denominator)}`;
}
