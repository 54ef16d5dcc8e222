import { SUPPRESSED, UNKNOWN } from '../../catalogue/tables.ts';
import type { Dataset } from '../../catalogue/dataset.ts';
import { WAIVABLE_RULES, type QualityRule } from '../../catalogue/quality.ts';
import { listed } from '../../resultfile/header.ts';
import type { Totals, WeekChange } from './input.ts';
import { judgeChange } from './quality-change.ts';
import type { QualityContext } from './quality-context.ts';
import { judgeJump } from './quality-jump.ts';
import type { Finding } from './refusal.ts';
import { largestMove, readableShare, totalLines } from './total-lines.ts';

export interface Evidence {
  dataset: Dataset;
  context: QualityContext;
  /** What the values themselves gave rise to (quality-values.ts). */
  values: readonly Finding[];
  /** Columns that the dataset does not know. */
  added: readonly string[];
  totals: Totals;
  /** What it would change of a week that is served; undefined for a week's first result, or when it cannot be told. */
  change: WeekChange | undefined;
  /** A person looked at the result and takes it. */
  overrule: boolean;
}

/** What holds the result, and what a person should know of it when it is taken. */
export interface Judgement {
  objections: Finding[];
  notes: Finding[];
}

/** Asks every quality rule. A rule's severity decides what its finding is; a person or an acceptance rule turns objections into notes. */
export function judge(evidence: Evidence): Judgement {
  const { quality } = evidence.dataset;
  const findings = findingsOf(evidence).filter(({ rule }) => quality[rule as QualityRule].severity !== 'off');
  const severe = findings.filter(({ rule }) => quality[rule as QualityRule].severity === 'hold');
  const notes = findings.filter((finding) => !severe.includes(finding));
  if (evidence.overrule)
    return { objections: [], notes: [...notes, ...severe.map((each) => noted(each, 'A person accepted it.', { overruled: true }))] };
  const mended = severe.filter((finding) => mendsDoubt(finding, evidence));
  const waived = severe.filter((finding) => !mended.includes(finding) && isWaived(finding, evidence));
  return {
    objections: severe.filter((finding) => !waived.includes(finding) && !mended.includes(finding)),
    notes: [
      ...notes,
      ...mended.map((each) => noted(each, 'What was served was doubtful.', {})),
      ...waived.map((each) => waive(each, evidence)),
    ],
  };
}

function findingsOf({ dataset, context, values, added, totals, change }: Evidence): Finding[] {
  const { quality } = dataset;
  return [
    ...(added.length > 0 ? [addedColumnsNote(added)] : []),
    ...values,
    ...unknownCurrency(totals, context.currencies),
    ...(change ? judgeChange(change, quality, context.age === 'final') : []),
    // An empty result is zero_rows where rows are served, and nothing else need be said of it.
    ...(change && change.rowsBefore > 0 && change.rowsTotal === 0
      ? []
      : judgeJump(change?.totalsBefore, totals, context.likeWeeks, quality.jump, context.previous)),
  ];
}

export const addedColumnsNote = (added: readonly string[]): Finding => ({
  rule: 'added_columns',
  message: `The file holds columns that the dataset does not know: ${listed(added)}. They are kept with each row.`,
  details: { columns: added.slice(0, 100) },
});

function unknownCurrency(totals: Totals, known: readonly string[]): Finding[] {
  if (known.length === 0) return [];
  const found = Object.values(totals).flatMap((total) => (typeof total === 'string' ? [] : Object.keys(total)));
  const unknown = [...new Set(found)].filter((currency) => ![...known, SUPPRESSED, UNKNOWN].includes(currency)).sort();
  if (unknown.length === 0) return [];
  const message = `There is money in ${unknown.join(', ')}, but the instance is known for ${known.join(', ')}. Add the currency to the instance if it is right: Amazon's privacy filter may hide which money is whose otherwise.`;
  return [{ rule: 'unknown_currency', message, details: { currencies: unknown, known } }];
}

const moveOf = ({ change }: Evidence): number | undefined =>
  change && change.rowsBefore > 0 ? largestMove(totalLines(change.totalsBefore, change.totalsAfter)) : undefined;

/** That a doubtful week moves although it is final is what asking again was for; what is lost by it is still objected to. */
const mendsDoubt = ({ rule }: Finding, { context, change }: Evidence): boolean =>
  rule === 'moved_after_final' && context.doubtful && change !== undefined && change.rowsTotal >= change.rowsBefore;

function isWaived({ rule }: Finding, evidence: Evidence): boolean {
  const { maxMove } = evidence.context;
  const move = moveOf(evidence);
  return maxMove !== undefined && move !== undefined && move <= maxMove && WAIVABLE_RULES.includes(rule as QualityRule);
}

function waive(finding: Finding, evidence: Evidence): Finding {
  const [move, maxMove] = [moveOf(evidence)!, evidence.context.maxMove!];
  const text = `A rule accepts it: no total moved by more than ${readableShare(move)}, and ${readableShare(maxMove)} are allowed.`;
  return noted(finding, text, { waived: { move, maxMove } });
}

const noted = (finding: Finding, message: string, details: Record<string, unknown>): Finding => ({
  ...finding,
  message: `${finding.message} ${message}`,
  details: { ...finding.details, ...details },
});
