import type { Collection } from '@amc-reports/collector-service/contract';
import { formatDate, formatDay, formatDays, formatWith, type IsoDate } from './days';

/** What one execution covers: a week, a month, or several weeks. */
export type WindowKind = Collection['window'];

interface Days {
  readonly firstDay: IsoDate;
  readonly lastDay: IsoDate;
}

/** One window: 'October 2026' for a month, '28 Sep – 25 Oct 2026' for weeks. */
export const formatWindow = (kind: WindowKind, { firstDay, lastDay }: Days): string =>
  kind === 'month' ? formatWith(firstDay, 'MMMM YYYY') : formatDays(firstDay, lastDay);

/** From the first to the last of several windows: 'November 2025 – October 2026', '28 Sep 2025 – 25 Oct 2026'. */
export function formatSpan(kind: WindowKind, { firstDay, lastDay }: Days): string {
  if (kind !== 'month') return formatDays(firstDay, lastDay);
  const [first, last] = [formatWith(firstDay, 'MMMM YYYY'), formatWith(lastDay, 'MMMM YYYY')];
  return first === last ? first : `${first} – ${last}`;
}

/** For a cell: '10 Nov' (a week by its Monday), 'Oct 2026', '28 Sep – 25 Oct'. */
export function formatWindowShort(kind: WindowKind, { firstDay, lastDay }: Days): string {
  if (kind === 'week') return formatDay(firstDay);
  return kind === 'month' ? formatWith(firstDay, 'MMM YYYY') : `${formatDay(firstDay)} – ${formatDay(lastDay)}`;
}

/** In a sentence or a list: 'Week of 10 Nov 2025', 'October 2026', '28 Sep – 25 Oct 2026'. */
export const nameWindow = (kind: WindowKind, days: Days): string =>
  kind === 'week' ? `Week of ${formatDate(days.firstDay)}` : formatWindow(kind, days);
