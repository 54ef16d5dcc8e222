import type { ImportResult } from '../../engine/collect/import/import.ts';
import type { ImportedWeek } from '../../engine/collect/import/import-week.ts';
import { textTable } from './table.ts';
import { formatWeeks } from '../../ground/calendar/window-words.ts';

const OUTCOMES: Record<ImportedWeek['outcome'], string> = {
  new: 'new',
  restated: 'restated',
  unchanged: 'as served',
  waiting: 'waits for its other days',
  left: 'left as it is',
};

/** What an import did, week by week, and what it leaves to do. */
export function importText({ weeks, dryRun }: ImportResult): string {
  const count = (n: number) => n.toLocaleString('en');
  const table = textTable(
    ['week', 'rows', 'added', 'changed', 'vanished', ''],
    weeks.map((week) => [
      week.week,
      ...[week.rows, week.rowsAdded, week.rowsChanged, week.rowsVanished].map(count),
      OUTCOMES[week.outcome] + (week.note === null ? '' : `: ${week.note}`),
    ]),
  );
  const partial = weeks.filter(({ missing }) => missing.length > 0);
  const whole = weeks.length - partial.length;
  const done = dryRun ? 'Nothing was written (--dry-run).' : `Imported ${formatWeeks(whole)}.`;
  return [table, '', done, ...partialText(partial)].join('\n');
}

/** A part of a week is no week: what is missing, and the ways out. */
function partialText(partial: readonly ImportedWeek[]): string[] {
  if (partial.length === 0) return [];
  const each = partial.map(({ week, missing }) => `  ${week} lacks ${missing.join(', ')}`);
  const days = partial.flatMap(({ missing }) => missing);
  return [
    `Not complete, since the files do not have all days:`,
    ...each,
    `Import a file that has these days, and they are joined (a month's last week with the next month's first days). If nothing happened on them, import again with --empty-days ${days.length === 1 ? days[0] : `${days[0]},…`}`,
  ];
}
