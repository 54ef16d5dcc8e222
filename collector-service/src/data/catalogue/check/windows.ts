import { NAME_PATTERN } from '../../../contract/query.ts';
import type { Dataset } from '../dataset.ts';
import { factTable } from '../tables.ts';
import { windowDataset } from '../windows.ts';
import { reportRepeats, type Report } from './report.ts';

/** PostgreSQL cuts longer names without a word. */
const MAX_NAME = 63;

/** What must hold of windows other than the week: they overlap each other or cut weeks, so nothing of them is ever added up. */
export function checkWindows(dataset: Dataset, report: Report): void {
  const { window, also_windows: others = [] } = dataset;
  reportRepeats(others, (index) => ['also_windows', index], 'window', report);
  others.forEach((other, index) => {
    const path = ['also_windows', index];
    if (other === window) report(path, `'${other}' is the dataset's own window already`);
    const derived = { ...dataset, dataset: windowDataset(dataset.dataset, other) };
    if (!NAME_PATTERN.test(derived.dataset) || factTable(derived).length > MAX_NAME)
      report(path, `its dataset would be named '${derived.dataset}', which is too long; shorten the dataset's name`);
  });
  if (window === 'week' && others.length === 0) return;
  const place = window === 'week' ? ['also_windows'] : ['window'];
  const day = dataset.columns.findIndex((column) => column.role === 'day');
  if (day >= 0)
    report(
      place,
      `only weeks have days: days of windows that overlap would be counted several times; remove '${dataset.columns[day]!.name}'`,
    );
  if (dataset.rollups.length > 0) report(place, 'a dataset with windows other than the week has no roll-ups: windows are never added up');
}
