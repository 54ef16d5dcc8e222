import type { IsoDate } from '../../../ground/calendar/week.ts';
import { isAnchor, windowTitle } from '../../../ground/calendar/window.ts';
import type { Dataset } from '../../../data/catalogue/dataset.ts';
import { CollectorError } from '../../../contract/error.ts';
import { refusalCode, type Refusal } from '../../../data/store/merge/refusal.ts';
import { assertMonday } from '../range.ts';

export interface RefusedWeek {
  week: IsoDate;
  refusal: Refusal;
}

const SHOWN = 5;

/** Every week that is refused and why, and how a person goes on. */
export function refusedError(refused: readonly RefusedWeek[], fileNames: readonly string[]): CollectorError {
  const shown = refused
    .slice(0, SHOWN)
    .map(({ week, refusal }) => `Week ${week}: ${refusal.objections.map(({ message }) => message).join(' ')}`);
  const more = refused.length > SHOWN ? ` ${refused.length - SHOWN} more weeks are refused too.` : '';
  const way = refused.every(({ refusal }) => refusal.acceptable)
    ? 'If the numbers are right, add --overrule: the weeks are taken, and what is objected to becomes a note of each.'
    : `Mend or leave out what is named, and import again.`;
  return new CollectorError(
    refusalCode(refused[0]!.refusal),
    `${shown.join(' ')}${more} Nothing of ${fileNames.join(', ')} was imported. ${way}`,
    {
      details: {
        objections: refused[0]!.refusal.objections,
        weeks: refused.map(({ week, refusal }) => ({ week, objections: refusal.objections })),
      },
    },
  );
}

/** @throws CollectorError invalid_request for a day under which no window of the dataset is kept */
export function assertAnchor({ window }: Dataset, week: IsoDate): void {
  assertMonday(week);
  if (isAnchor(window, week)) return;
  throw new CollectorError(
    'invalid_request',
    `No month begins in the week of ${week}. A month is named by the Monday whose week holds its first day.`,
  );
}

/** @throws CollectorError week_out_of_range for a week, or other window, whose numbers still come in */
export function assertOver({ window }: Dataset, week: IsoDate, newest: IsoDate): void {
  if (week <= newest) return;
  const what = window === 'week' ? `Week ${week}` : `The window of ${windowTitle(window)} kept under ${week}`;
  throw new CollectorError(
    'week_out_of_range',
    `${what} is not complete yet: it can be imported 48 hours after its end, the newest is ${newest}.`,
  );
}
