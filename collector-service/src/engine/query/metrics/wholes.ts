import type { IsoDate } from '../../../ground/calendar/week.ts';
import type { Question } from '../ask/question.ts';
import type { Reader } from '../ask/reader.ts';
import type { Comparison } from '../plan/comparison.ts';
import type { WindowChoice } from '../plan/window-choice.ts';
import { readNumbers } from './numbers.ts';
import { planOf } from './plan.ts';
import { joinRows, type Row } from './rows.ts';

/** What shares are of: the same question about all groups together, hidden ones included, in each bucket. */
export interface Wholes {
  of(row: Row): Row | undefined;
  statements: readonly string[];
}

export async function readWholes(reader: Reader, choice: WindowChoice, comparison: Comparison | null): Promise<Wholes> {
  const dimensions = choice.question.dimensions.filter((name) => name === 'currency');
  const question: Question = { ...choice.question, dimensions, metricFilters: [], order: null };
  const whole = { ...choice, question };
  const { current, before, statements } = await readNumbers(reader, whole, planOf(whole), comparison, {
    ranking: null,
    currencies: [],
    others: false,
  });
  const rows = joinRows(current.cells, before.cells, (bucket) => comparison?.currentOf(bucket) ?? bucket);
  const keyOf = (bucket: IsoDate | null, currency: string | undefined): string => `${bucket} ${currency}`;
  const byKey = new Map(rows.map((row) => [keyOf(row.bucket, row.group[0]), row]));
  const at = choice.question.dimensions.indexOf('currency');
  return { of: (row) => byKey.get(keyOf(row.bucket, at < 0 ? undefined : row.group[at])), statements };
}
