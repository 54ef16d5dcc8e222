import type { Dataset, Metric } from '../dataset.ts';
import { didYouMean } from '../nearest.ts';
import { storedName } from '../tables.ts';
import { reportRepeats, type Report } from './report.ts';

/** Names a question uses beside a dataset's own. */
const OWN_NAMES = ['instance', 'currency', 'time', 'week'];

/** What must hold of metrics and dimensions: names that exist, and units that can be added. */
export function checkMetrics(dataset: Dataset, report: Report): void {
  const { metrics, dimensions, columns } = dataset;
  reportRepeats(
    metrics.map((metric) => metric.name),
    (index) => ['metrics', index, 'name'],
    'metric',
    report,
  );
  reportRepeats(
    dimensions.map((dimension) => dimension.name),
    (index) => ['dimensions', index, 'name'],
    'dimension',
    report,
  );
  const dimensionColumns = columns.filter((column) => column.role === 'dimension').map(storedName);
  dimensions.forEach(({ name, member, named_by: namedBy }, index) => {
    if (OWN_NAMES.includes(name)) report(['dimensions', index, 'name'], `'${name}' is known to every question; choose another name`);
    else if ((member === undefined) !== (namedBy === undefined))
      report(['dimensions', index], 'member and named_by come together: what tells the values apart, and what names them');
    else if (member !== undefined && namedBy !== undefined) {
      if (dimensionColumns.includes(name))
        report(['dimensions', index, 'name'], `'${name}' is a column already; store that under another name with 'as'`);
      [['member', member] as const, ['named_by', namedBy] as const].forEach(([key, column]) => {
        if (!dimensionColumns.includes(column))
          report(
            ['dimensions', index, key],
            `no column of role 'dimension' is stored as '${column}'${didYouMean(column, dimensionColumns)}`,
          );
      });
    } else if (!dimensionColumns.includes(name))
      report(['dimensions', index, 'name'], `no column of role 'dimension' is stored as '${name}'${didYouMean(name, dimensionColumns)}`);
  });
  columns.forEach((column, index) => {
    if (column.role === 'dimension' && !dimensions.some((dimension) => dimension.name === storedName(column))) {
      report(['columns', index, 'role'], `describe '${storedName(column)}' under dimensions, or give the column the role 'key'`);
    }
  });
  metrics.forEach((metric, index) => {
    if (OWN_NAMES.includes(metric.name))
      report(['metrics', index, 'name'], `'${metric.name}' is known to every question; choose another name`);
    if (dimensions.some((dimension) => dimension.name === metric.name))
      report(['metrics', index, 'name'], `'${metric.name}' is a dimension already; choose another name`);
    checkMetric(dataset, metric, index, report);
  });
}

function checkMetric(dataset: Dataset, metric: Metric, index: number, report: Report): void {
  if (metric.kind === 'additive') return checkAdditive(dataset, metric, index, report);
  if (metric.kind === 'ratio') return checkRatio(dataset, metric, index, report);
  const counts = dataset.columns.filter((column) => column.role === 'distinct').map(storedName);
  if (!counts.includes(metric.distinct))
    report(
      ['metrics', index, 'distinct'],
      `no column of role 'distinct' is stored as '${metric.distinct}'${didYouMean(metric.distinct, counts)}`,
    );
  if (metric.unit !== 'count') report(['metrics', index, 'unit'], "a distinct count has the unit 'count'");
}

function checkAdditive(dataset: Dataset, metric: Extract<Metric, { kind: 'additive' }>, index: number, report: Report): void {
  const measures = dataset.columns.filter((column) => column.role === 'measure');
  reportRepeats(metric.sum, (at) => ['metrics', index, 'sum', at], 'column', report);
  metric.sum.forEach((name, at) => {
    const path = ['metrics', index, 'sum', at];
    const column = measures.find((measure) => storedName(measure) === name);
    if (column === undefined) {
      const renamed = measures.find((measure) => measure.name === name);
      report(
        path,
        renamed
          ? `column '${name}' is stored as '${storedName(renamed)}'; write that`
          : `no column of role 'measure' is stored as '${name}'${didYouMean(name, measures.map(storedName))}`,
      );
    } else if ((column.unit !== undefined) !== (metric.unit === 'currency')) {
      report(
        path,
        column.unit === undefined
          ? `'${name}' is no money: give its column a unit, or the metric the unit 'count'`
          : `'${name}' is money: the metric's unit is 'currency'`,
      );
    }
  });
  if (metric.unit === 'percent' || metric.unit === 'ratio')
    report(['metrics', index, 'unit'], `a sum is no ${metric.unit}: its unit is 'currency' or 'count'`);
}

function checkRatio(dataset: Dataset, metric: Extract<Metric, { kind: 'ratio' }>, index: number, report: Report): void {
  const find = (side: 'numerator' | 'denominator') => {
    const name = metric[side];
    const found = dataset.metrics.find((each) => each.name === name);
    const summable = dataset.metrics.filter((each) => each.kind !== 'ratio').map((each) => each.name);
    if (found === undefined) report(['metrics', index, side], `no metric '${name}'${didYouMean(name, summable)}`);
    else if (found.kind === 'ratio')
      report(['metrics', index, side], `'${name}' is a ratio itself; a ratio is made of sums or distinct counts`);
    return found?.kind === 'ratio' ? undefined : found;
  };
  const numerator = find('numerator');
  const denominator = find('denominator');
  if (numerator === undefined || denominator === undefined) return;
  const money = numerator.unit === 'currency' && denominator.unit !== 'currency';
  if (money !== (metric.unit === 'currency')) {
    report(
      ['metrics', index, 'unit'],
      money
        ? "money per something has the unit 'currency'"
        : "only money per something has the unit 'currency'; write 'percent' or 'ratio'",
    );
  }
}
