import type { Quality } from '../../catalogue/quality.ts';
import type { WeekChange } from './input.ts';
import type { Finding } from './refusal.ts';
import { lineName, readableNumber, readableShare, totalLines, type TotalLine } from './total-lines.ts';

/** Moves of totals smaller than this many units are none, whatever share they are. */
const SMALLEST_TOTAL = 100;

/** Rules about what a result would change of a week that is served: Amazon restates weeks, but it does not empty them. */
export function judgeChange(change: WeekChange, quality: Quality, isFinal: boolean): Finding[] {
  const { rowsBefore, rowsTotal, rowsVanished } = change;
  if (rowsBefore > 0 && rowsTotal === 0)
    return [{ rule: 'zero_rows', message: `The result has no rows, where ${rowsBefore} are served.`, details: { rowsBefore } }];
  const lines = totalLines(change.totalsBefore, change.totalsAfter);
  return [
    ...(rowsVanished > rowsBefore * quality.vanished_rows.at_most ? [vanishedRows(change)] : []),
    ...lostTotals(lines),
    ...(isFinal ? movedAfterFinal(lines, quality.moved_after_final.at_most) : []),
  ];
}

function vanishedRows({ rowsBefore, rowsVanished }: WeekChange): Finding {
  const share = rowsVanished / rowsBefore;
  return {
    rule: 'vanished_rows',
    message: `The result lacks ${rowsVanished} of the ${rowsBefore} rows that are served (${readableShare(share)}).`,
    details: { rowsBefore, rowsVanished, share },
  };
}

function lostTotals(lines: readonly TotalLine[]): Finding[] {
  const lost = lines.filter(({ before, after }) => before !== 0 && after === 0);
  if (lost.length === 0) return [];
  const totals = lost.map((line) => `${lineName(line)} fell from ${readableNumber(line.before)} to 0`);
  return [{ rule: 'lost_total', message: `In the result ${totals.join(', ')}.`, details: { totals: lost } }];
}

function movedAfterFinal(lines: readonly TotalLine[], atMost: number): Finding[] {
  const moved = lines
    .map((line) => ({ ...line, move: Math.abs(line.after - line.before) / Math.max(Math.abs(line.before), SMALLEST_TOTAL) }))
    .filter(({ move }) => move > atMost);
  if (moved.length === 0) return [];
  const totals = moved.map((line) => `${lineName(line)} from ${readableNumber(line.before)} to ${readableNumber(line.after)}`);
  const message = `The week was final, and yet more than ${readableShare(atMost)} moved: ${totals.join(', ')}.`;
  return [{ rule: 'moved_after_final', message, details: { atMost, totals: moved } }];
}
