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
    throw object(
      'result_value',
      `The result for week ${week} lacks ${rowsVanished} of the ${rowsBefore} rows that are served (${share} %).`,
    );
  }
  const lost = lostTotal(dataset, change.totalsBefore, change.totalsAfter);
  if (lost) throw object('result_value', `In the result for week ${week} ${lost.metric} fell from ${lost.before} to 0.`);
}

/** The first total that was not 0 and now is: money for each known currency, everything else over all rows. */
function lostTotal({ metrics }: Dataset, before: Totals, after: Totals): { metric: string; before: string } | undefined {
  for (const { name } of metrics) {
    const [was, is] = [before[name] ?? '0', after[name] ?? '0'];
    if (typeof was === 'string') {
      if (Number(was) !== 0 && Number(is) === 0) return { metric: name, before: was };
      continue;
    }
    for (const [currency, amount] of Object.entries(was)) {
      // What Amazon hid in one result it may show in the next.
      if (currency === SUPPRESSED || currency === UNKNOWN || Number(amount) === 0) continue;
      if (typeof is === 'string' || Number(is[currency] ?? 0) === 0) return { metric: `${name} in ${currency}`, before: amount };
    }
  }
  return undefined;
}

const object = (code: ErrorCode, message: string): CollectorError =>
  new CollectorError(`${message} The week stays as it was until a person has looked at it.`, { code, kind: 'data', status: 422 });
