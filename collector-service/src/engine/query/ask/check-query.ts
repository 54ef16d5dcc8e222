import type { MetricQuery } from '../../../contract/query.ts';
import { isSum, type AskedMetric } from '../calculated/calculated-metric.ts';
import type { Grain } from '../plan/grain.ts';
import { daysBetween } from '../../../ground/calendar/week.ts';
import { refusal } from './refusal.ts';

/** Days of a comparison of one's own at most. */
const LONGEST_COMPARISON = 3660;

/** What fields of a query ask of each other, once its metrics and grain are known. @throws CollectorError invalid_request */
export function checkQuery(query: MetricQuery, metrics: readonly AskedMetric[], dimensions: readonly string[], grain: Grain): void {
  checkTransform(query, metrics, grain);
  checkComparison(query);
  if (query.others && query.format === 'table' && grain !== 'total')
    throw refusal('invalid_request', `Others are told of groups, not of rows by ${grain}. Ask for grain total, or for a series.`);
  const names = metrics.map(({ name }) => name);
  const stranger = query.goals.find(({ metric }) => !names.includes(metric));
  if (stranger !== undefined)
    throw refusal(
      'invalid_request',
      `A goal is set for '${stranger.metric}', which the query does not ask for. Set it for one of: ${names.join(', ')}.`,
    );
  checkLegend(query.legend ?? '', dimensions);
}

/** Transforms that need one bucket after another. */
export const isOverBuckets = ({ transform }: Pick<MetricQuery, 'transform'>): boolean =>
  transform === 'cumulative' || transform === 'moving_average';

function checkTransform(query: MetricQuery, metrics: readonly AskedMetric[], grain: Grain): void {
  const { transform, latest } = query;
  if (transform === 'none') return;
  const what = { share: 'A share', cumulative: 'A running total', moving_average: 'A moving average' }[transform];
  if (isOverBuckets(query) && (grain === 'total' || latest))
    throw refusal('invalid_request', `${what} goes over several days, weeks or months. Set grain to one of them, and latest to false.`);
  const unfit = metrics.filter((metric) => (transform === 'moving_average' ? metric.kind === 'distinct' : !isSum(metric)));
  if (unfit.length > 0)
    throw refusal(
      'invalid_request',
      `${what} needs numbers that can be added, and ${unfit.map(({ title }) => title).join(', ')} cannot. Leave it out, or ask without transform.`,
    );
}

function checkComparison({ compare, compareTo }: MetricQuery): void {
  if (compare !== 'custom') return;
  if (compareTo === undefined)
    throw refusal('invalid_request', "compare is 'custom' and compareTo says no days. Give its from and to as yyyy-mm-dd, both included.");
  const length = daysBetween(compareTo.from, compareTo.to) + 1;
  if (length < 1 || length > LONGEST_COMPARISON)
    throw refusal(
      'invalid_request',
      `compareTo runs from ${compareTo.from} to ${compareTo.to}. Give a first day, and a last one not before it and within ten years.`,
    );
}

/** Placeholders of a legend: `{{campaign}}`. */
export const PLACEHOLDER = /\{\{\s*([a-z0-9_]*)\s*\}\}/g;

function checkLegend(legend: string, dimensions: readonly string[]): void {
  const known = ['metric', 'currency', 'period', ...dimensions];
  for (const [whole, name = ''] of legend.matchAll(PLACEHOLDER))
    if (!known.includes(name))
      throw refusal(
        'invalid_request',
        `The legend has ${whole}, which the query does not ask for. Use: ${known.map((each) => `{{${each}}}`).join(', ')}.`,
      );
}
