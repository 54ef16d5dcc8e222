import type { CellsPlan } from '../cells/cells-plan.ts';
import { measuresOf, type Measure } from '../cells/measure.ts';
import { refusal } from '../ask/refusal.ts';
import { chooseLevel, dimensionsTouched, noLevelSentence } from '../plan/level.ts';
import { levelSource, smallestSource, type Source } from '../plan/source.ts';
import type { WindowChoice } from '../plan/window-choice.ts';

export interface Plan {
  measures: Measure[];
  components: CellsPlan['components'];
  source: Source;
  /** Why some of the metrics asked for have no number. */
  refused: string[];
  /** No execution covers what was asked, so that no metric has a number. */
  hopeless: boolean;
}

/** Chooses the table and the metrics it can answer. @throws CollectorError no_answer when no level has the dimensions asked for */
export function planOf({ question, period, refusal: windowRefusal }: WindowChoice): Plan {
  const { dataset } = question;
  const all = measuresOf(dataset, question.metrics);
  if (dataset.levels === undefined)
    return {
      ...all,
      source: smallestSource(dataset, period.grain, dimensionsTouched(question)),
      refused: windowRefusal === null ? [] : [windowRefusal],
      hopeless: windowRefusal !== null,
    };

  const { level, distinctRefusal } = chooseLevel(question);
  const asksDistinct = all.measures.some(({ isDistinct }) => isDistinct);
  if (level === null) throw refusal('no_answer', asksDistinct && distinctRefusal !== null ? distinctRefusal : noLevelSentence(dataset));
  const source = levelSource(dataset, period.grain, level);
  const reason = distinctRefusal ?? windowRefusal;
  if (reason === null) return { ...all, source, refused: [], hopeless: false };
  // Weeks may be added for a sum, other windows share days with each other.
  const sums = dataset.window === 'week' ? question.metrics.filter((_, index) => !all.measures[index]!.isDistinct) : [];
  if (sums.length === 0 && distinctRefusal !== null) throw refusal('no_answer', distinctRefusal);
  if (sums.length === 0) return { ...all, source, refused: [reason], hopeless: true };
  const refused = sums.length < question.metrics.length ? [reason] : [];
  return { ...measuresOf(dataset, sums), source, refused, hopeless: false };
}
