import type { AskedMetric } from '../calculated/calculated-metric.ts';
import type { CellsPlan, Having } from '../cells/cells-plan.ts';
import { measuresOf, type Measure } from '../cells/measure.ts';
import { refusal } from '../ask/refusal.ts';
import { chooseLevel, dimensionsTouched, noLevelSentence } from '../plan/level.ts';
import { countsPeople } from '../../../data/catalogue/levels.ts';
import { partsOf, type Part } from '../plan/parts.ts';
import { levelSource } from '../plan/source.ts';
import { isOfDataset, type Question } from '../ask/question.ts';
import type { BucketGrain } from '../plan/buckets.ts';
import type { WindowChoice } from '../plan/window-choice.ts';

export interface Plan {
  measures: Measure[];
  having: Having[];
  components: CellsPlan['components'];
  parts: Part[];
  /** Why some of the metrics asked for have no number. */
  refused: string[];
  /** No execution covers what was asked, so that no metric has a number. */
  hopeless: boolean;
}

/** Chooses the table and the metrics it can answer. @throws CollectorError no_answer when no level has the dimensions asked for */
export function planOf({ question, period, refusal: windowRefusal }: WindowChoice): Plan {
  const { dataset } = question;
  const all = measured(question, question.metrics);
  if (!countsPeople(dataset)) {
    const parts = partsOf(dataset, period, dimensionsTouched(question), question.grain === 'total');
    if (parts === null) throw refusal('no_answer', noDaysSentence(question, period.grain));
    return { ...all, parts, refused: windowRefusal === null ? [] : [windowRefusal], hopeless: windowRefusal !== null };
  }

  const { level, distinctRefusal } = chooseLevel(question);
  const asksDistinct = all.measures.some(({ isDistinct }) => isDistinct);
  if (level === null) throw refusal('no_answer', asksDistinct && distinctRefusal !== null ? distinctRefusal : noLevelSentence(dataset));
  const source = levelSource(dataset, period.grain, level);
  const parts: Part[] = period.buckets.length === 0 ? [] : [{ source, grain: period.grain, buckets: period.buckets, into: null }];
  const reason = distinctRefusal ?? windowRefusal;
  if (reason === null) return { ...all, parts, refused: [], hopeless: false };
  // Weeks may be added for a sum, other windows share days with each other.
  const sums = dataset.window === 'week' ? question.metrics.filter((_, index) => !all.measures[index]!.isDistinct) : [];
  if (all.having.some(({ measure }) => measure.isDistinct)) throw refusal('no_answer', reason);
  if (sums.length === 0 && distinctRefusal !== null) throw refusal('no_answer', distinctRefusal);
  if (sums.length === 0) return { ...all, parts, refused: [reason], hopeless: true };
  const refused = sums.length < question.metrics.length ? [reason] : [];
  return { ...measured(question, sums), parts, refused, hopeless: false };
}

/** Measures of what is shown and of what is filtered by, over the same components. */
function measured({ dataset, metricFilters }: Question, metrics: readonly AskedMetric[]): Pick<Plan, 'measures' | 'having' | 'components'> {
  const { measures, components } = measuresOf(dataset, [...metrics, ...metricFilters.map(({ metric }) => metric)]);
  const having = metricFilters.map(({ operator, value }, index) => ({ measure: measures[metrics.length + index]!, operator, value }));
  return { measures: measures.slice(0, metrics.length), having, components };
}

/** Why a dataset with whole levels has no such buckets of these dimensions. */
function noDaysSentence({ dataset, dimensions }: Question, grain: BucketGrain): string {
  const names = dimensions.filter(isOfDataset).join(' and ') || 'these filters';
  return `Dataset '${dataset.dataset}' has no level with ${names} by ${grain === 'week' ? 'week' : 'day'}. Ask by week or for fewer dimensions.`;
}
