import { InvalidArgumentError } from 'commander';
import { mondayOf, type IsoDate } from '../../ground/calendar/week.ts';

export interface WeekRange {
  firstWeek: IsoDate;
  lastWeek: IsoDate;
}

/** `2026-01-05..2026-03-30`, both included, or one Monday. @throws InvalidArgumentError */
export function weekRange(text: string): WeekRange {
  const [firstWeek = '', lastWeek = firstWeek, ...rest] = text.split('..');
  for (const week of [firstWeek, lastWeek]) {
    if (!/^\d{4}-\d\d-\d\d$/.test(week) || Number.isNaN(Date.parse(`${week}T00:00:00Z`)) || mondayOf(week) !== week)
      throw new InvalidArgumentError('must be Mondays: 2026-01-05..2026-03-30, or one of them.');
  }
  if (rest.length > 0 || firstWeek > lastWeek) throw new InvalidArgumentError('must be two Mondays, the earlier one first.');
  return { firstWeek, lastWeek };
}
