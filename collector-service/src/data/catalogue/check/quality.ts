import type { Dataset } from '../dataset.ts';
import { didYouMean } from '../nearest.ts';
import { storedName } from '../tables.ts';
import type { Path } from '../mistake.ts';
import type { Report } from './report.ts';

/** What must hold of the quality rules: they name number columns as the fact table does, and pairs that can be compared. */
export function checkQuality({ columns, quality }: Dataset, report: Report): void {
  const numbers = columns.filter(({ role }) => role === 'measure' || role === 'distinct');
  const names = numbers.map(storedName);
  const checkColumn = (name: string, path: Path): void => {
    if (!names.includes(name)) report(path, `no number column is stored as '${name}'${didYouMean(name, names)}`);
  };
  quality.negative_values.except.forEach((name, index) => checkColumn(name, ['quality', 'negative_values', 'except', index]));
  for (const form of ['at_most', 'needs'] as const) {
    quality.impossible_values[form].forEach((pair, index) => {
      const path = ['quality', 'impossible_values', form, index];
      pair.forEach((name, at) => checkColumn(name, [...path, at]));
      const [first, second] = pair;
      if (first === second) report(path, `'${first}' is compared with itself`);
      const money = pair.map((name) => numbers.find((column) => storedName(column) === name)?.unit !== undefined);
      if (form === 'at_most' && money[0] !== money[1]) report(path, 'money cannot be compared with a count');
    });
  }
  const { weeks, at_least_weeks: enough } = quality.jump;
  if (enough > weeks) report(['quality', 'jump', 'at_least_weeks'], `more than the ${weeks} weeks that are looked at`);
}
