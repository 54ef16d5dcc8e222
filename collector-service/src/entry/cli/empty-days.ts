import { InvalidArgumentError } from 'commander';
import type { EmptyDays } from '../../engine/collect/import/whole-week.ts';

/** A day of the calendar: 30 February is read as 2 March, and so is none. */
const isDay = (text: string): boolean =>
  /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)) && new Date(text).toISOString().startsWith(text);

/** `2026-03-08,2026-03-14..2026-03-15`, or `between`. @throws InvalidArgumentError with the form */
export function parseEmptyDays(text: string): EmptyDays {
  if (text === 'between') return text;
  return text.split(',').map((range) => {
    const [from = '', to = from] = range.trim().split('..');
    if (![from, to].every(isDay) || from > to)
      throw new InvalidArgumentError('Write days as 2026-03-08, ranges as 2026-03-14..2026-03-15, several with commas; or "between".');
    return { from, to };
  });
}
