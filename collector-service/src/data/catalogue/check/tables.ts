import type { Dataset } from '../dataset.ts';
import { didYouMean } from '../nearest.ts';
import { factTable, rollupTable } from '../tables.ts';
import { reportRepeats, type Report } from './report.ts';

/** PostgreSQL cuts longer names without a word. */
const MAX_NAME = 63;

/** What must hold of levels, roll-ups and the names of the tables they become. */
export function checkTables(dataset: Dataset, report: Report): void {
  const dimensions = dataset.dimensions.map((dimension) => dimension.name);
  const checkDimensions = (names: readonly string[], path: (string | number)[]) => {
    reportRepeats(names, (index) => [...path, index], 'dimension', report);
    names.forEach((name, index) => {
      if (!dimensions.includes(name)) report([...path, index], `no dimension '${name}'${didYouMean(name, dimensions)}`);
    });
  };
  const levels = Object.entries(dataset.levels ?? {});
  const sets = levels.map(([, names]) => [...names].sort().join(' '));
  levels.forEach(([level, names], index) => {
    checkDimensions(names, ['levels', level]);
    const first = sets.indexOf(sets[index]!);
    if (first < index)
      report(['levels', level], `counts by the same dimensions as level '${levels[first]![0]}'; a question could not choose`);
  });

  if (factTable(dataset).length > MAX_NAME)
    report(['dataset'], `the table ${factTable(dataset)} would have more than ${MAX_NAME} characters; shorten the name`);
  reportRepeats(
    dataset.rollups.map((rollup) => rollup.name),
    (index) => ['rollups', index, 'name'],
    'roll-up',
    report,
  );
  if (dataset.rollups.length > 0 && levels.length > 0)
    report(['rollups'], 'a dataset with levels has no roll-ups: its rows count the same people by several dimensions');
  const hasDay = dataset.columns.some((column) => column.role === 'day');
  dataset.rollups.forEach((rollup, index) => {
    checkDimensions(rollup.dimensions, ['rollups', index, 'dimensions']);
    (rollup.lookups ?? []).forEach((name, at) => {
      if (!rollup.dimensions.includes(name))
        report(['rollups', index, 'lookups', at], `'${name}' is no dimension of the roll-up${didYouMean(name, rollup.dimensions)}`);
    });
    reportRepeats(rollup.grains, (at) => ['rollups', index, 'grains', at], 'grain', report);
    if (!hasDay && rollup.grains.some((grain) => grain !== 'week'))
      report(['rollups', index, 'grains'], "days and months need a column of role 'day'; without one write grains: [week]");
    const longest = Math.max(...rollup.grains.map((grain) => rollupTable(dataset, rollup, grain).length));
    if (longest > MAX_NAME)
      report(
        ['rollups', index, 'name'],
        `its table would have a name of ${longest} characters, ${MAX_NAME} are possible; shorten the roll-up's or the dataset's name`,
      );
  });
}
