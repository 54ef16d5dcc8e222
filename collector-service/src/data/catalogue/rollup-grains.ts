import { ROLLUP_GRAINS, type Dataset, type Rollup, type RollupGrain } from './dataset.ts';
import { hasWholeLevels } from './levels.ts';

/**
 * Grains that a roll-up has a table for. The rows of a month keep their week, and a week lies in two months at most: where there are
 * months, they answer weeks as well. Levels that are whole are not made of each other, so there weeks have a table of their own.
 */
export const tableGrains = (dataset: Pick<Dataset, 'levels' | 'columns'>, { grains }: Pick<Rollup, 'grains'>): RollupGrain[] =>
  ROLLUP_GRAINS.filter((grain) => grains.includes(grain) && (hasWholeLevels(dataset) || !(grain === 'week' && grains.includes('month'))));
