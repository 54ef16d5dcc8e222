import { InvalidArgumentError } from 'commander';
import type { IsoDate } from '../../ground/calendar/week.ts';
import { mondayArgument } from './date-argument.ts';

export interface WeekRange {
  firstWeek: IsoDate;
  lastWeek: IsoDate;
}

/** `2026-01-05..2026-03-30`, both included, or one Monday. @throws InvalidArgumentError */
export function weekRange(text: string): WeekRange {
  const [first = '', last = first, ...rest] = text.split('..');
  if (rest.length > 0) throw new InvalidArgumentError('must be two Mondays, 2026-01-05..2026-03-30, or one of them.');
  const [firstWeek, lastWeek] = [mondayArgument(first), mondayArgument(last)];
  if (firstWeek > lastWeek) throw new InvalidArgumentError('must be two Mondays, the earlier one first.');
  return { firstWeek, lastWeek };
}
