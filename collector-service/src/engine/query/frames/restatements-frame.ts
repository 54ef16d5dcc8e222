import type { Frame } from '../../../contract/frame.ts';
import type { Restatement, RestatementsResult } from '../result.ts';
import { annotationsFrame } from './annotations-frame.ts';

/** Totals that are named in a text at most. */
const MOST_MOVES = 4;

export const restatementsFrame = (result: RestatementsResult): Frame =>
  annotationsFrame(
    result,
    result.rows.map((row) => ({
      ...row,
      at: row.acceptedAt,
      what: 'restated',
      text: describeRestatement(row),
      tags: ['restatement', row.dataset],
    })),
  );

/** "Spend (USD) 1,234.5 → 1,250.1 (+1.3 %). Rows: 12 added, 30 changed, 2 gone." */
export function describeRestatement({ moves, rowsAdded, rowsChanged, rowsVanished }: Restatement): string {
  const moved = moves.slice(0, MOST_MOVES).map(({ metric: { title }, currency, before, after }) => {
    const share = before === 0 ? '' : ` (${after > before ? '+' : ''}${(((after - before) / Math.abs(before)) * 100).toFixed(1)} %)`;
    return `${currency === null ? title : `${title} (${currency})`} ${readable(before)} → ${readable(after)}${share}.`;
  });
  return [...moved, `Rows: ${rowsAdded} added, ${rowsChanged} changed, ${rowsVanished} gone.`].join(' ');
}

const readable = (value: number): string => value.toLocaleString('en-US', { maximumFractionDigits: 2 });
