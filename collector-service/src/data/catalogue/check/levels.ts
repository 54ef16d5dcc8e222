import type { Dataset } from '../dataset.ts';
import { countsPeople, levelsOf } from '../levels.ts';
import { NAME_PATTERN } from '../../../contract/query.ts';
import type { Report } from './report.ts';

/** What must hold of the levels of a dataset: each can be chosen, and of sums each is the whole. */
export function checkLevels(
  dataset: Dataset,
  checkDimensions: (names: readonly string[], path: (string | number)[]) => void,
  report: Report,
): void {
  const levels = levelsOf(dataset);
  const sets = levels.map(({ dimensions, by }) => `${by} ${[...dimensions].sort().join(' ')}`);
  const hasDay = dataset.columns.some(({ role }) => role === 'day');
  levels.forEach(({ name, dimensions, by }, index) => {
    const isList = Array.isArray(dataset.levels?.[name]);
    checkDimensions(dimensions, isList ? ['levels', name] : ['levels', name, 'dimensions']);
    const first = sets.indexOf(sets[index]!);
    if (first < index)
      report(['levels', name], `counts by the same dimensions as level '${levels[first]!.name}'; a question could not choose`);
    if (countsPeople(dataset)) {
      if (!isList)
        report(['levels', name], 'levels of distinct counts are lists of dimensions: people counted per day cannot be added to a week');
      return;
    }
    if (!NAME_PATTERN.test(name))
      report(['levels', name], 'its name starts with a letter and holds only lower-case letters, digits and underscores');
    if (isList) report(['levels', name], 'a level of sums says whether it is by day or by week: { dimensions: [...], by: week }');
    if (by === 'day' && !hasDay) report(['levels', name, 'by'], "days need a column of role 'day'");
    if (by === 'window' && dimensions.length === 0)
      report(['levels', name, 'dimensions'], 'has neither dimensions nor days to group by; any other level adds up to the same totals');
  });
}
