import type { Frame } from '../../../contract/frame.ts';
import type { Restatement, RestatementsResult } from '../result.ts';
import { makeFrame, noticesMeta, textField, timeField } from './frame.ts';

/** Totals that are named in a text at most. */
const MOST_MOVES = 4;

/** A table as Grafana's annotations read it: time, title, text, tags. */
export function restatementsFrame({ refId, rows, severalInstances, notices }: RestatementsResult): Frame {
  const fields = [
    timeField(),
    textField('title', 'Title'),
    textField('text', 'Text'),
    textField('tags', 'Tags'),
    textField('week', 'Week'),
    textField('instance', 'Instance'),
  ];
  const values = [
    rows.map(({ acceptedAt }) => acceptedAt.getTime()),
    rows.map(({ datasetTitle, week }) => `${datasetTitle}: week of ${week} restated`),
    rows.map((row) =>
      severalInstances && row.instance !== '' ? `${row.instance}. ${describeRestatement(row)}` : describeRestatement(row),
    ),
    rows.map(({ dataset }) => `restatement,${dataset}`),
    rows.map(({ week }) => week),
    rows.map(({ instance }) => instance),
  ];
  return makeFrame(refId, 'table', fields, values, { meta: noticesMeta(notices) });
}

/** "Spend (USD) 1,234.5 → 1,250.1 (+1.3 %). Rows: 12 added, 30 changed, 2 gone." */
export function describeRestatement({ moves, rowsAdded, rowsChanged, rowsVanished }: Restatement): string {
  const moved = moves.slice(0, MOST_MOVES).map(({ metric: { title }, currency, before, after }) => {
    const share = before === 0 ? '' : ` (${after > before ? '+' : ''}${(((after - before) / Math.abs(before)) * 100).toFixed(1)} %)`;
    return `${currency === null ? title : `${title} (${currency})`} ${readable(before)} → ${readable(after)}${share}.`;
  });
  return [...moved, `Rows: ${rowsAdded} added, ${rowsChanged} changed, ${rowsVanished} gone.`].join(' ');
}

const readable = (value: number): string => value.toLocaleString('en-US', { maximumFractionDigits: 2 });
