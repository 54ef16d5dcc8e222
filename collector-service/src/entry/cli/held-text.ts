import type { AcceptanceRule } from '../../contract/acceptance-rules.ts';
import type { HeldQuestion } from '../../contract/held-questions.ts';
import type { HeldRows } from '../../contract/held-rows.ts';
import type { HeldRun, HeldRunDetail } from '../../contract/held-runs.ts';
import type { TotalChange } from '../../contract/total-change.ts';
import { textTable } from './table.ts';

const count = (n: number): string => n.toLocaleString('en');
/** A fraction as a person reads it: 0.0123 is +1.2 %. */
const percent = (fraction: number | null): string =>
  fraction === null ? '' : `${fraction > 0 ? '+' : ''}${(fraction * 100).toFixed(1)} %`;

export const heldRunTable = (runs: readonly HeldRun[]): string =>
  textTable(
    ['run', 'instance', 'dataset', 'week', 'held', 'decision', 'why'],
    runs.map(({ runId, instance, dataset, week, heldAt, decision, objections }) => [
      runId,
      instance,
      dataset,
      week,
      heldAt.slice(0, 16),
      decision === null ? 'waits' : decision.decision,
      objections.map(({ rule }) => rule).join(', '),
    ]),
  );

const weeksOf = ({ firstWeek, lastWeek, runIds }: HeldQuestion): string =>
  runIds.length === 1 ? firstWeek : `${runIds.length}: ${firstWeek} to ${lastWeek}`;

export const heldQuestionTable = (questions: readonly HeldQuestion[]): string =>
  textTable(
    ['collection', 'instance', 'dataset', 'weeks', 'rows', 'why', 'newest run'],
    questions.map((question) => {
      const { collectionId, instance, dataset, rules, empty, runIds } = question;
      return [collectionId, instance, dataset, weeksOf(question), empty ? 'none' : 'some', rules.join(', '), runIds.at(-1)!];
    }),
  );

export function heldRunText(run: HeldRunDetail): string {
  const { runId, collection, instance, week, objections, difference, decision, waiting, servedVersion, stale, acceptable } = run;
  const lines = [
    `Run ${runId}: ${collection}, ${instance}, week of ${week}`,
    ...objections.map(({ rule, message }) => `  ${rule}: ${message}`),
  ];
  if (difference === null) lines.push('The result could not be read as rows of the dataset: keep what is served, or run the week again.');
  else {
    const { rowsBefore, rowsAfter, rowsAdded, rowsChanged, rowsVanished, totals } = difference;
    lines.push(
      `Rows ${count(rowsBefore)} → ${count(rowsAfter)}: ${count(rowsAdded)} added, ${count(rowsChanged)} changed, ${count(rowsVanished)} vanished.`,
      totalTable(totals),
    );
  }
  if (stale) lines.push(`Version ${servedVersion} of the week is served by now; accept with --version ${servedVersion}.`);
  if (decision !== null) {
    const { decision: what, by, at, reason } = decision;
    lines.push(`${what}${by === null ? '' : ` by ${by}`} at ${at.slice(0, 16)}${reason === null ? '' : `: ${reason}`}`);
  } else if (acceptable)
    lines.push(`Decide: collector held accept|keep|run-again ${runId} --reason "…"   Rows: collector held diff ${runId}`);
  if (waiting !== null) lines.push(waiting);
  return lines.join('\n');
}

const totalTable = (totals: readonly TotalChange[]): string =>
  textTable(
    ['metric', 'served', 'held', 'change'],
    totals.map(({ metric, currency, before, after, change }) => [
      currency === null ? metric : `${metric} (${currency})`,
      before ?? '–',
      after ?? '–',
      percent(change),
    ]),
  );

/** One line per number that differs, under the keys of its row. */
export function heldRowsText({ kind, total, listed, rows }: HeldRows): string {
  const title = `${count(total)} ${kind}${listed < total ? ` (the ${count(listed)} that move the totals most can be listed)` : ''}`;
  const lines = rows.map(({ row, keys, numbers }) => {
    const names = Object.values(keys).map((value) => value ?? '–');
    const values = numbers.map(({ column, before, after }) => `${column} ${before ?? '–'} → ${after ?? '–'}`);
    return `${String(row).padStart(6)}  ${names.join(' · ')}\n        ${values.join(', ')}`;
  });
  return [title, ...lines].join('\n');
}

export const ruleTable = (rules: readonly AcceptanceRule[]): string =>
  textTable(
    ['rule', 'dataset', 'instance', 'moves under', 'by', 'since', 'reason'],
    rules.map(({ id, dataset, instance, maxMove, createdBy, createdAt, reason }) => [
      id,
      dataset,
      instance ?? '(all)',
      `${+(maxMove * 100).toFixed(4)} %`,
      createdBy,
      createdAt.slice(0, 10),
      reason,
    ]),
  );
