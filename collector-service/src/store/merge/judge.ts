import { SUPPRESSED, UNKNOWN } from '../../catalogue/tables.ts';
import type { Dataset } from '../../catalogue/dataset.ts';
import { CollectorError, type ErrorCode } from '../../contract/error.ts';
import type { MergeInput, Totals, WeekChange } from './input.ts';

/** More vanished rows than this share, and a person looks before the old ones go. */
const VANISHED_AT_MOST = 0.5;

/**
 * Objects to a result that contradicts what is served: Amazon restates weeks, but it does not empty them.
 * @throws CollectorError result_empty or result_value, kind data: the run waits for a person and the old data stays
 */
export function judge(change: WeekChange, { dataset, week }: Pick<MergeInput, 'dataset' | 'week'>): void {
  const { rowsBefore, rowsTotal, rowsVanished } = change;
  if (rowsBefore === 0) return;
  if (rowsTotal === 0) throw object('result_empty', `The result for week ${week} has no rows, where ${rowsBefore} are served.`);
  if (rowsVanished > rowsBefore * VANISHED_AT_MOST) {
    const share = Math.round((100 * rowsVanished) / rowsBefore);
    throw object('result_value', `The result for week ${week} lacks ${rowsVanished} of the ${rowsBefore} rows that are served (${share} %).`);
  }
  const lost = lostTotal(dataset, change.totalsBefore, change.totalsAfter);
  if (lost) throw object('result_value', `In the result for week ${week} ${lost.metric} fell from ${lost.before} to 0.`);
}

/** The first additive metric that was not 0 and now is: money for each currency, everything else over all. */
function lostTotal({ metrics }: Dataset, before: Totals, after: Totals): { metric: string; before: string } | undefined {
  for (const metric of metrics) {
    if (metric.kind !== 'additive') continue;
    const currencies = Object.keys(before).filter((currency) => metric.unit === 'currency' && currency !== SUPPRESSED && currency !== UNKNOWN);
    for (const currency of currencies) {
      const amount = before[currency]?.[metric.name] ?? '0';
      if (Number(amount) !== 0 && Number(after[currency]?.[metric.name] ?? 0) === 0) return { metric: `${metric.name} ${currency}`.trim(), before: amount };
    }
    const sum = (totals: Totals): number => Object.values(totals).reduce((total, each) => total + Math.abs(Number(each[metric.name] ?? 0)), 0);
    if (metric.unit !== 'currency' && sum(before) !== 0 && sum(after) === 0) return { metric: metric.name, before: String(sum(before)) };
  }
  return undefined;
}

const object = (code: ErrorCode, message: string): CollectorError =>
  new CollectorError(`${message} The week stays as it was until a person has looked at it.`, { code, kind: 'data', status: 422 });
