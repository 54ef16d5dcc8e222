import type { Column, Dataset, Rollup, RollupGrain } from '../catalogue/dataset.ts';
import { tableGrains } from '../catalogue/rollup-grains.ts';
import { storedName } from '../catalogue/tables.ts';

/** The columns of a dataset by what the tables do with them; names are those of the fact table. */
export interface TableShape {
  day: string | undefined;
  /** Keys, dimensions, currency and level, in the order of the file: text, never NULL once stored. */
  texts: string[];
  currency: string | undefined;
  filtered: string | undefined;
  /** Measures and distinct counts. */
  numbers: Column[];
  /** What may be added up: the numbers of roll-ups. */
  measures: Column[];
}

const TEXT_ROLES = new Set<Column['role']>(['key', 'dimension', 'currency', 'level']);

export function tableShape({ columns }: Pick<Dataset, 'columns'>): TableShape {
  const nameOf = (role: Column['role']): string | undefined => {
    const column = columns.find((each) => each.role === role);
    return column && storedName(column);
  };
  return {
    day: nameOf('day'),
    texts: columns.filter(({ role }) => TEXT_ROLES.has(role)).map(storedName),
    currency: nameOf('currency'),
    filtered: nameOf('filtered'),
    numbers: columns.filter(({ role }) => role === 'measure' || role === 'distinct'),
    measures: columns.filter(({ role }) => role === 'measure'),
  };
}

/** Text columns that key a roll-up's rows: its dimensions and, where the dataset has one, the currency. */
export const rollupTexts = (shape: TableShape, rollup: Pick<Rollup, 'dimensions'>): string[] => [
  ...rollup.dimensions,
  ...(shape.currency ? [shape.currency] : []),
];

/** The roll-up tables of a dataset. */
export const rollupGrains = (dataset: Dataset): { rollup: Rollup; grain: RollupGrain }[] =>
  dataset.rollups.flatMap((rollup) => tableGrains(dataset, rollup).map((grain) => ({ rollup, grain })));
