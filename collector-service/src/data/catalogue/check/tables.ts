import type { Dataset, Rollup } from '../dataset.ts';
import { hasWholeLevels, levelFor } from '../levels.ts';
import { didYouMean } from '../nearest.ts';
import { checkLevels } from './levels.ts';
import { factTable, rollupTable } from '../tables.ts';
import { reportRepeats, type Report } from './report.ts';

/** PostgreSQL cuts longer names without a word. */
const MAX_NAME = 63;

/** What must hold of levels, roll-ups and the names of the tables they become. */
export function checkTables(dataset: Dataset, report: Report): void {
  const dimensions = dataset.dimensions.filter(({ member }) => member === undefined).map((dimension) => dimension.name);
  const checkDimensions = (names: readonly string[], path: (string | number)[]) => {
    reportRepeats(names, (index) => [...path, index], 'dimension', report);
    names.forEach((name, index) => {
      if (!dimensions.includes(name)) report([...path, index], `no dimension '${name}'${didYouMean(name, dimensions)}`);
    });
  };
  checkLevels(dataset, checkDimensions, report);

  if (factTable(dataset).length > MAX_NAME)
    report(['dataset'], `the table ${factTable(dataset)} would have more than ${MAX_NAME} characters; shorten the name`);
  reportRepeats(
    dataset.rollups.map((rollup) => rollup.name),
    (index) => ['rollups', index, 'name'],
    'roll-up',
    report,
  );
  if (dataset.rollups.length > 0 && dataset.levels !== undefined && !hasWholeLevels(dataset))
    report(['rollups'], 'a dataset with distinct counts has no roll-ups: its rows count the same people by several dimensions');
  const hasDay = dataset.columns.some((column) => column.role === 'day');
  dataset.rollups.forEach((rollup, index) => {
    checkDimensions(rollup.dimensions, ['rollups', index, 'dimensions']);
    (rollup.lookups ?? []).forEach((name, at) => {
      if (!rollup.dimensions.includes(name))
        report(['rollups', index, 'lookups', at], `'${name}' is no dimension of the roll-up${didYouMean(name, rollup.dimensions)}`);
    });
    reportRepeats(rollup.grains, (at) => ['rollups', index, 'grains', at], 'grain', report);
    checkRollupLevels(dataset, rollup, index, report);
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

/** Days are added up from a level by day; weeks from one by week or by day; months from weeks and, where a week lies in two, from days. */
function checkRollupLevels(dataset: Dataset, rollup: Rollup, index: number, report: Report): void {
  if (!hasWholeLevels(dataset)) return;
  for (const grain of rollup.grains) {
    const missing = (['week', 'day'] as const).find(
      (needed) => (grain === 'month' || grain === needed) && levelFor(dataset, rollup.dimensions, needed) === undefined,
    );
    if (missing !== undefined)
      report(['rollups', index, 'grains'], `no level has these dimensions by ${missing}, which '${grain}' is added up from; add one`);
  }
}
