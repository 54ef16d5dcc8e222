import type { CoreApp } from '@grafana/data';
import { datasetOf, dimensionsOf, type Catalogue, type Dataset } from '../catalogue';
import { isAboutWeeks, isAlerting } from '../defaults';
import { looksLikeVariable, WHOLE_VARIABLE } from '../looks-like-variable';
import { unknownFields } from '../code/query-text';
import type { AmcQuery } from '../query';
import { words } from '../words';
import { grains, transforms } from './labels';

/** Something worth knowing about a query before it runs, with the change that would settle it. */
export interface Hint {
  severity: 'info' | 'warning';
  text: string;
  fix?: { label: string; change?: Partial<AmcQuery>; act?: () => void };
}

const MANY_SERIES = new Set(['campaign', 'campaign_id']);
const READABLE_SERIES = 20;

/** Hints, the weightiest first. */
export function hintsFor(query: AmcQuery, catalogue: Catalogue, app?: CoreApp | string): Hint[] {
  const dataset = datasetOf(catalogue, query);
  const general = [...unknownHints(query), ...(isAlerting(app) ? [...variableHints(query), ...alertHints(query)] : [])];
  if (!dataset) {
    return general;
  }
  if (query.queryType === 'week_growth') {
    return [...general, ...growthHints(query, dataset)];
  }
  return isAboutWeeks(query)
    ? general
    : [
        ...general,
        ...nameHints(query, dataset),
        ...distinctHints(query, dataset, catalogue),
        ...shapeHints(query),
        ...transformHints(query, dataset),
        ...currencyHints(query, dataset, catalogue),
      ];
}

/** Fields that were written as JSON and are none: the builder cannot show them, and the collector refuses them. */
function unknownHints(query: AmcQuery): Hint[] {
  const names = unknownFields(query);
  return names.length > 0
    ? [
        {
          severity: 'warning',
          text: words('hint.unknown-fields', 'The query has fields that no query has: {{names}}. The collector will refuse it.', {
            names: names.join(', '),
          }),
          fix: { label: words('hint.remove', 'Remove them'), change: Object.fromEntries(names.map((name) => [name, undefined])) },
        },
      ]
    : [];
}

function variableHints(query: AmcQuery): Hint[] {
  const texts = [
    query.dataset ?? '',
    ...(query.metrics ?? []),
    ...(query.dimensions ?? []),
    ...(query.instances ?? []),
    ...(query.filters ?? []).flatMap(({ values, fixed }) =>
      values.filter((value) => WHOLE_VARIABLE.test(value) && !fixed?.includes(value)),
    ),
  ];
  const found = texts.find((text) => looksLikeVariable(text));
  return found
    ? [
        {
          severity: 'warning',
          text: words(
            'hint.variable',
            'Alert rules cannot use dashboard variables: {{found}} will have no value. Choose fixed values, or leave the field empty for all.',
            { found },
          ),
        },
      ]
    : [];
}

function alertHints(query: AmcQuery): Hint[] {
  const hints: Hint[] = [];
  if (isAboutWeeks(query) || query.queryType === 'week_growth') {
    return hints;
  }
  if (query.partial === 'mark') {
    hints.push({
      severity: 'warning',
      text: words('hint.partial', 'Incomplete weeks look like a fall and would set off the alert.'),
      fix: { label: words('hint.partial-fix', 'Leave them out'), change: { partial: 'drop' } },
    });
  }
  if (!query.latest && query.grain !== 'total') {
    hints.push({
      severity: 'warning',
      text: words('hint.latest', 'A rule judges one number per series. Ask for the newest complete week or day.'),
      fix: { label: words('hint.latest-fix', 'Use the newest one'), change: { latest: true, format: 'numeric' } },
    });
  }
  if (query.rest === 'show' && (query.dimensions?.length ?? 0) > 0) {
    hints.push({
      severity: 'warning',
      text: words('hint.rest', 'What Amazon hid would be an alert of its own, (suppressed), that nobody can act on.'),
      fix: { label: words('hint.rest-fix', 'Leave it out'), change: { rest: 'hide' } },
    });
  }
  return hints;
}

function nameHints(query: AmcQuery, dataset: Dataset): Hint[] {
  const metrics = new Set([...dataset.metrics, ...(query.calculated ?? [])].map(({ name }) => name));
  const dimensions = new Set(dimensionsOf(dataset).map(({ name }) => name));
  const strange = [
    ...(query.metrics ?? []).filter((name) => !looksLikeVariable(name) && !metrics.has(name)),
    ...(query.dimensions ?? []).filter((name) => !looksLikeVariable(name) && !dimensions.has(name)),
    ...(query.filters ?? [])
      .map(({ dimension }) => dimension)
      .filter((name) => name !== '' && !looksLikeVariable(name) && !dimensions.has(name)),
  ];
  return strange.length > 0
    ? [
        {
          severity: 'warning',
          text: words('hint.strange', '{{dataset}} has no {{names}}. Remove it or choose another dataset.', {
            dataset: dataset.title,
            names: [...new Set(strange)].join(', '),
          }),
        },
      ]
    : [];
}

/** What totals of weeks cannot tell. */
function growthHints(query: AmcQuery, dataset: Dataset): Hint[] {
  if (dataset.levels) {
    return [
      {
        severity: 'warning',
        text: words('hint.growth-people', '{{dataset}} counts people, who have no totals that grow. Choose another dataset.', {
          dataset: dataset.title,
        }),
      },
    ];
  }
  const strange = nameHints({ ...query, dimensions: [], filters: [] }, dataset);
  const narrowed = [...(query.dimensions ?? []), ...(query.filters ?? []).map(({ dimension }) => dimension)].some(
    (name) => name !== '' && !['instance', 'currency'].includes(name),
  );
  return narrowed
    ? [
        ...strange,
        {
          severity: 'warning',
          text: words('hint.growth-dimensions', 'Growth is kept for the totals of a week, not by dimensions.'),
          fix: { label: words('hint.remove', 'Remove them'), change: { dimensions: [], filters: [] } },
        },
      ]
    : strange;
}

/** Distinct counts are never added up, so only the breakdowns and the windows that Amazon counted can be asked for. */
function distinctHints(query: AmcQuery, dataset: Dataset, catalogue: Catalogue): Hint[] {
  const distinct = dataset.metrics.filter(({ name, kind }) => kind === 'distinct' && query.metrics?.includes(name));
  if (distinct.length === 0 || !dataset.levels) {
    return [];
  }
  const hints: Hint[] = [];
  const title = distinct.map((metric) => metric.title).join(', ');
  const asked = new Set(
    [...(query.dimensions ?? []), ...(query.filters ?? []).map(({ dimension }) => dimension)].filter(
      (name) => name !== 'instance' && !looksLikeVariable(name),
    ),
  );
  const fits = dataset.levels.some((level) => level.length === asked.size && level.every((name) => asked.has(name)));
  if (!fits) {
    const titles = new Map(dimensionsOf(dataset).map((dimension) => [dimension.name, dimension.title]));
    const sets = dataset.levels.map((level) =>
      level.length === 0 ? words('hint.no-level', 'none') : level.map((name) => titles.get(name) ?? name).join(' + '),
    );
    hints.push({
      severity: 'warning',
      text: words('hint.levels', '{{title}} counts people and is never added up. Group and filter by one of: {{sets}}.', {
        title,
        sets: sets.join('; '),
      }),
    });
  }
  const bucket = dataset.window === 'month' ? 'month' : 'week';
  if (query.grain && query.grain !== 'auto' && !dataset.grains.includes(query.grain)) {
    hints.push({
      severity: 'info',
      text: words('hint.bucket', '{{title}} was counted per {{bucket}}, not per {{grain}}.', {
        title,
        bucket: grains()[bucket].toLowerCase(),
        grain: grains()[query.grain].toLowerCase(),
      }),
      fix: { label: words('hint.by', 'By {{bucket}}', { bucket: grains()[bucket].toLowerCase() }), change: { grain: bucket } },
    });
  }
  if (query.grain === 'total') {
    hints.push({
      severity: 'info',
      text: words(
        'hint.windows',
        '{{title}} over a range has a number when one execution covers exactly that range. Counted are: {{windows}}.',
        { title, windows: windowsOf(dataset, catalogue) },
      ),
      fix: { label: words('hint.by', 'By {{bucket}}', { bucket: grains()[bucket].toLowerCase() }), change: { grain: bucket } },
    });
  }
  return hints;
}

const windowLabels = (): Record<NonNullable<Dataset['window']>, string> => ({
  week: words('window.week', 'weeks'),
  '4_weeks': words('window.4-weeks', '4 weeks'),
  '13_weeks': words('window.13-weeks', '13 weeks'),
  month: words('window.month', 'calendar months'),
});

/** The windows that a count is made over: those of the dataset's family, or of the one longer window that was named. */
function windowsOf(dataset: Dataset, catalogue: Catalogue): string {
  const family = catalogue.datasets.filter(({ name, windowOf }) => name === dataset.name || windowOf === dataset.name);
  const kinds = family.map(({ window = 'week' }) => window);
  const labels = windowLabels();
  return (Object.keys(labels) as Array<keyof typeof labels>)
    .filter((kind) => kinds.includes(kind))
    .map((kind) => labels[kind])
    .join(', ');
}

function shapeHints(query: AmcQuery): Hint[] {
  const hints: Hint[] = [];
  const format = query.format ?? 'timeseries';
  if (format === 'timeseries' && query.grain === 'total') {
    hints.push({
      severity: 'info',
      text: words('hint.one-point', 'The whole range is one point of a time series.'),
      fix: { label: words('hint.show-table', 'Show a table'), change: { format: 'table' } },
    });
  }
  if (format === 'timeseries' && !query.limit && query.dimensions?.some((name) => MANY_SERIES.has(name))) {
    hints.push({
      severity: 'info',
      text: words('hint.many-series', 'One series per campaign can be many.'),
      fix: { label: words('hint.largest', 'Keep the {{number}} largest', { number: READABLE_SERIES }), change: { limit: READABLE_SERIES } },
    });
  }
  return hints;
}

/** What the collector refuses to make of numbers: a share or a running total of what cannot be added, and steps of a single bucket. */
function transformHints({ transform = 'none', metrics = [], grain, latest }: AmcQuery, dataset: Dataset): Hint[] {
  if (transform === 'none') {
    return [];
  }
  const fits = ({ kind }: Dataset['metrics'][number]) => kind === 'additive' || (transform === 'moving_average' && kind === 'ratio');
  const unfit = dataset.metrics.filter((metric) => !fits(metric) && metrics.includes(metric.name)).map(({ title }) => title);
  const asIs = { label: words('hint.transform-fix', 'Show numbers as they are'), change: { transform: 'none' as const } };
  const hints: Hint[] = [];
  if (unfit.length > 0) {
    const text = words('hint.transform', '{{transform}} needs numbers that can be added, and {{names}} cannot.', {
      transform: transforms()[transform],
      names: unfit.join(', '),
    });
    hints.push({ severity: 'warning', text, fix: asIs });
  }
  if (transform !== 'share' && (grain === 'total' || latest)) {
    const text = words('hint.transform-buckets', '{{transform}} goes over several days, weeks or months, and there is only one bucket.', {
      transform: transforms()[transform],
    });
    hints.push({
      severity: 'warning',
      text,
      fix: { label: words('hint.transform-weeks', 'By week'), change: { grain: 'week', latest: false } },
    });
  }
  return hints;
}

function currencyHints(query: AmcQuery, dataset: Dataset, catalogue: Catalogue): Hint[] {
  const money = dataset.metrics.some(({ name, unit }) => unit === 'currency' && query.metrics?.includes(name));
  const asked = query.instances?.filter((instance) => !looksLikeVariable(instance)) ?? [];
  const instances = asked.length > 0 ? catalogue.instances.filter(({ instance }) => asked.includes(instance)) : catalogue.instances;
  const currencies = new Set(instances.flatMap((instance) => instance.currencies));
  const settled = query.dimensions?.includes('currency') || query.filters?.some(({ dimension }) => dimension === 'currency');
  return money && currencies.size > 1 && !settled
    ? [
        {
          severity: 'info',
          text: words(
            'hint.currencies',
            'These instances hold {{currencies}}. Money is never added across currencies: expect a series for each, or choose a currency.',
            { currencies: [...currencies].join(words('list.and', ' and ')) },
          ),
        },
      ]
    : [];
}
