import type { Dataset } from '../../../data/catalogue/dataset.ts';
import { levelFor, levelsOf } from '../../../data/catalogue/levels.ts';
import { isOfDataset, type Question } from '../ask/question.ts';
import { ADVERTISER } from './accounts.ts';
import { columnsOf, memberOf } from './names.ts';

export interface LevelChoice {
  /** Value of the level column whose rows answer sums; null when no level has the dimensions. */
  level: string | null;
  /** Why distinct counts cannot be answered; null when they can. */
  distinctRefusal: string | null;
}

/** Columns of the dataset that a question touches: of the dimensions it groups by, of those it filters, and of whom its currency chooses. */
export const dimensionsTouched = (question: Question): Set<string> =>
  new Set([
    ...question.dimensions.filter(isOfDataset).map((name) => memberOf(question.dataset, name)),
    ...question.filters.flatMap((filter) => columnsOf(question.dataset, filter.dimension)),
    ...(question.accounts === null ? [] : [ADVERTISER]),
  ]);

/**
 * Chooses the level of a dataset with distinct counts.
 *
 * A distinct count is a row of its own for every combination, so it is answered only by the level whose dimensions are
 * exactly those grouped by or pinned to one value, for one instance and one window at a time. Sums may be added within
 * a level, so any level that has the dimensions will do; the exact one is taken first, then the smallest.
 * That a bucket is one execution's window is window-choice.ts' to see to.
 */
export function chooseLevel(question: Question): LevelChoice {
  const touched = dimensionsTouched(question);
  const exact = levelsOf(question.dataset).find(
    ({ dimensions }) => dimensions.length === touched.size && dimensions.every((name) => touched.has(name)),
  );
  const level = (exact ?? levelFor(question.dataset, touched, 'week'))?.name ?? null;
  return { level, distinctRefusal: refuseDistinct(question, exact !== undefined) };
}

function refuseDistinct(question: Question, hasExactLevel: boolean): string | null {
  const distinct = question.dataset.metrics.find((metric) => metric.kind === 'distinct')?.title ?? 'A distinct count';
  if (question.instances.length > 1 && !question.dimensions.includes('instance')) {
    return `${distinct} counts people, who cannot be added over instances. Choose one instance, or group by 'instance'.`;
  }
  const loose = question.filters.find(({ dimension, operator, values }) => {
    const pinned = (operator === '=' || operator === 'in') && values.length === 1;
    return !pinned && !question.dimensions.includes(dimension);
  });
  if (loose !== undefined) {
    return `${distinct} counts people, who cannot be added over several values of '${loose.dimension}'. Filter it to one value with '=', or group by it.`;
  }
  if (!hasExactLevel) return `${distinct} is counted ${listLevels(question.dataset)}. Group by or filter exactly one of these sets.`;
  return null;
}

/** Why a sum has no number: its dimensions are in no level together. */
export const noLevelSentence = (dataset: Dataset): string =>
  `Dataset '${dataset.dataset}' has no rows with these dimensions together; it counts ${listLevels(dataset)}. Ask for dimensions of one of these sets.`;

function listLevels(dataset: Dataset): string {
  const sets = levelsOf(dataset).map(({ dimensions }) =>
    dimensions.length === 0 ? 'for everything together' : `by ${dimensions.join(' + ')}`,
  );
  return sets.join('; ');
}
