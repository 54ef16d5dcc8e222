import { InvalidArgumentError } from 'commander';
import { isoDate } from '../../contract/scalars.ts';
import { mondayOf, type IsoDate } from '../../ground/calendar/week.ts';

/** Amazon Marketing Cloud is younger than the first and no plan reaches the last: a year outside is a slip of the keyboard. */
const [FIRST_YEAR, LAST_YEAR] = [2000, 2099];

/** A day, yyyy-mm-dd. @throws InvalidArgumentError for what is none, and for years before 2000 or after 2099 */
export function dayArgument(text: string): IsoDate {
  if (!isoDate.safeParse(text).success) throw new InvalidArgumentError('must be a day such as 2026-01-05.');
  const year = Number(text.slice(0, 4));
  if (year < FIRST_YEAR || year > LAST_YEAR) throw new InvalidArgumentError(`must lie in the years ${FIRST_YEAR} to ${LAST_YEAR}.`);
  return text;
}

/** A week by its Monday, yyyy-mm-dd. @throws InvalidArgumentError as dayArgument does, and for other days of the week */
export function mondayArgument(text: string): IsoDate {
  const day = dayArgument(text);
  const monday = mondayOf(day);
  if (monday !== day) throw new InvalidArgumentError(`must be a Monday; the week of ${day} is ${monday}.`);
  return day;
}
