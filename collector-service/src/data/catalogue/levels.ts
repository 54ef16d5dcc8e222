import type { Column, Dataset } from './dataset.ts';
import { storedName } from './tables.ts';

/** The same facts at one grain: rows whose level column has this name. */
export interface Level {
  name: string;
  /** Stored names of the columns its rows are told apart by. */
  dimensions: readonly string[];
  /** By day of the week, or one row for the whole window. */
  by: 'day' | 'window';
}

export const levelsOf = ({ levels = {} }: Pick<Dataset, 'levels'>): Level[] =>
  Object.entries(levels).map(([name, level]) =>
    Array.isArray(level)
      ? { name, dimensions: level, by: 'window' }
      : { name, dimensions: level.dimensions, by: level.by === 'day' ? 'day' : 'window' },
  );

/** Distinct counts: each level is an answer of its own, and none is made of another (docs/adr/0013). */
export const countsPeople = ({ columns }: Pick<Dataset, 'columns'>): boolean => columns.some(({ role }) => role === 'distinct');

/** Each level holds the whole week's sums, so rows of one level alone may be added (docs/adr/0034). */
export const hasWholeLevels = (dataset: Pick<Dataset, 'levels' | 'columns'>): boolean =>
  dataset.levels !== undefined && !countsPeople(dataset);

/**
 * The level of a dataset with whole levels that answers with the least hidden: the fewest dimensions among those that have all these.
 * Weeks are answered by days only where no level has them by week. Undefined when no level can.
 */
export function levelFor(dataset: Pick<Dataset, 'levels'>, dimensions: Iterable<string>, grain: 'day' | 'week'): Level | undefined {
  const asked = [...dimensions];
  const fitting = levelsOf(dataset)
    .filter((level) => asked.every((name) => level.dimensions.includes(name)))
    .sort((a, b) => a.dimensions.length - b.dimensions.length);
  const byDay = fitting.find(({ by }) => by === 'day');
  return grain === 'day' ? byDay : (fitting.find(({ by }) => by === 'window') ?? byDay);
}

/** SQL condition on the rows of one level; names are identifiers of the catalogue. True for datasets without whole levels. */
export function levelCondition(dataset: Pick<Dataset, 'levels' | 'columns'>, level: Level | undefined): string {
  if (!hasWholeLevels(dataset)) return 'true';
  return level === undefined ? 'false' : `"${storedName(levelColumn(dataset))}" = '${level.name}'`;
}

export function levelColumn({ columns }: Pick<Dataset, 'columns'>): Column {
  const column = columns.find(({ role }) => role === 'level');
  if (column === undefined) throw new Error('a dataset with levels has a column of role level; the loader checks it');
  return column;
}
