import type { Dataset } from '@amc-reports/collector-service/data/catalogue/dataset.ts';
import { hasWholeLevels, levelsOf, type Level } from '@amc-reports/collector-service/data/catalogue/levels.ts';
import { storedName, SUPPRESSED, UNKNOWN } from '@amc-reports/collector-service/data/catalogue/tables.ts';
import type { FactRow } from './query-fixture.ts';

/**
 * Rows of days and campaigns as the rows of every level, added up as Amazon's execution adds them: what a test says of one campaign and
 * day is in all levels. A row is hidden at a level when a name or day that the level has is hidden in it.
 */
export function levelRows(dataset: Dataset, rows: readonly FactRow[]): FactRow[] {
  if (!hasWholeLevels(dataset)) return [...rows];
  return levelsOf(dataset).flatMap((level) => {
    const groups = new Map<string, FactRow>();
    for (const row of rows) addUp(groups, atLevel(dataset, level, row), dataset);
    return [...groups.values()];
  });
}

function atLevel(dataset: Dataset, level: Level, row: FactRow): FactRow {
  const { source, day, campaign, ...rest } = row;
  const named: FactRow = {
    ...rest,
    ...(campaign !== undefined && { campaign_name: campaign }),
    ...(source !== undefined && { family: source }),
  };
  const isHidden =
    row.filtered === true &&
    (level.dimensions.some((name) => named[name] === SUPPRESSED) || (level.by === 'day' && (day ?? null) === null));
  const dimensions = dataset.columns.filter(({ role }) => role === 'dimension').map(storedName);
  for (const name of dimensions) if (!level.dimensions.includes(name)) named[name] = isHidden ? SUPPRESSED : UNKNOWN;
  return { ...named, level: level.name, day: level.by === 'day' ? (day ?? null) : null, filtered: isHidden };
}

function addUp(groups: Map<string, FactRow>, row: FactRow, { columns }: Dataset): void {
  const numbers = columns.filter(({ role }) => role === 'measure').map(storedName);
  const key = JSON.stringify(
    Object.entries(row)
      .filter(([name]) => !numbers.includes(name))
      .sort(),
  );
  const group = groups.get(key);
  if (group === undefined) return void groups.set(key, { ...row });
  for (const name of numbers) if (row[name] != null) group[name] = Number(group[name] ?? 0) + Number(row[name]);
}
