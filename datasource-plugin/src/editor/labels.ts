import type { ComboboxOption } from '@grafana/ui';
import type { Metric } from '../catalogue';
import type { AmcFilter, AmcQuery, Calculated, MetricFilter, QueryType } from '../query';
import { words } from '../words';

/** How the contract's words read on the screen. The types hold the lists complete; functions, since the language is known late. */
type Labels<T extends string | undefined> = Record<NonNullable<T>, string>;

export const queryTypes = (): Labels<QueryType> => ({
  metrics: words('type.metrics', 'Metrics'),
  week_growth: words('type.week-growth', 'Growth of weeks'),
  restatements: words('type.restatements', 'Restatements'),
  freshness: words('type.freshness', 'Freshness'),
  collection_health: words('type.collection-health', 'Collection health'),
  runs: words('type.runs', 'Log of runs'),
  events: words('type.events', 'Events'),
});

export const queryTypeTexts = (): Labels<QueryType> => ({
  metrics: words('type-text.metrics', 'Numbers over time, in tables, or for alert rules'),
  week_growth: words('type-text.week-growth', 'How weeks grew run by run, and what a young week is worth'),
  restatements: words('type-text.restatements', 'Weeks that Amazon changed, and by how much'),
  freshness: words('type-text.freshness', 'The state of every week'),
  collection_health: words('type-text.collection-health', 'Weeks complete, missing, failed, held and late, per instance and dataset'),
  runs: words('type-text.runs', 'Every run of a week, as log lines'),
  events: words('type-text.events', 'Restatements, failed and held weeks, for annotations'),
});

/** Views of how weeks grew; GrowthForm knows how each is asked for. */
export const growthViews = () => ({
  lines: words('growth.lines', 'Line per week'),
  runs: words('growth.runs', 'Table of runs'),
  ages: words('growth.ages', 'Completeness by age'),
  numbers: words('growth.numbers', 'Numbers by age'),
});

export const grains = (): Labels<AmcQuery['grain']> => ({
  auto: words('grain.auto', 'Auto'),
  day: words('grain.day', 'Day'),
  week: words('grain.week', 'Week'),
  month: words('grain.month', 'Month'),
  total: words('grain.total', 'Whole range'),
});

export const comparisons = (): Labels<AmcQuery['compare']> => ({
  none: words('compare.none', 'Nothing'),
  previous_period: words('compare.previous-period', 'Period before'),
  previous_year: words('compare.previous-year', 'Year before, same weekdays'),
  previous_year_dates: words('compare.previous-year-dates', 'Year before, same dates'),
  custom: words('compare.custom', 'Days of your choice'),
});

export const formats = (): Labels<AmcQuery['format']> => ({
  timeseries: words('format.timeseries', 'Time series'),
  table: words('format.table', 'Table'),
  numeric: words('format.numeric', 'Numbers'),
});

export const operators = (): Labels<AmcFilter['operator']> => ({
  '=': words('operator.is', 'is'),
  '!=': words('operator.is-not', 'is not'),
  in: words('operator.in', 'is one of'),
  'not in': words('operator.not-in', 'is none of'),
  contains: words('operator.contains', 'contains'),
});

export const metricOperators = (): Labels<MetricFilter['operator']> => ({ '>': '>', '>=': '≥', '<': '<', '<=': '≤' });

export const directions = (): Labels<NonNullable<AmcQuery['orderBy']>['direction']> => ({
  desc: words('direction.desc', 'Highest first'),
  asc: words('direction.asc', 'Lowest first'),
});

export const transforms = (): Labels<AmcQuery['transform']> => ({
  none: words('transform.none', 'As it is'),
  share: words('transform.share', 'Share of total'),
  cumulative: words('transform.cumulative', 'Cumulative'),
  moving_average: words('transform.moving-average', 'Moving average'),
});

export const units = (): Labels<Metric['unit']> => ({
  currency: words('unit.currency', 'Money'),
  count: words('unit.count', 'Counts'),
  percent: words('unit.percent', 'Per cent'),
  ratio: words('unit.ratio', 'Ratios'),
});

export const betters = (): Labels<Calculated['better']> => ({
  up: words('better.up', 'higher is better'),
  down: words('better.down', 'lower is better'),
  neutral: words('better.neutral', 'neither is better'),
});

export const named = <T extends string>(labels: Readonly<Record<T, string>>): Array<ComboboxOption<T> & { label: string }> =>
  (Object.entries(labels) as Array<[T, string]>).map(([value, label]) => ({ value, label }));
