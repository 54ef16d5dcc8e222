import type { Dimension } from '../../../data/catalogue/dataset.ts';
import type { Filter } from '../../../contract/query.ts';
import { addDays, firstOfMonth, type IsoDate } from '../../../ground/calendar/week.ts';
import { bucketSpan, shiftBucket, weeksOf, type BucketGrain } from '../plan/buckets.ts';
import { storedValue, valuesLabelled } from '../values/dimension-value.ts';
import type { Parameters } from './parameters.ts';
import type { Source } from '../plan/source.ts';

/** Conditions of a statement are plain SQL over bound parameters; identifiers come from the catalogue alone. */
export function instanceCondition(parameters: Parameters, instanceIds: readonly string[]): string {
  return `instance_id = ANY (${parameters.bind([...instanceIds], 'bigint[]', 'instances')})`;
}

/**
 * The rows of the buckets. Bounds and not a list, so that the key (instance, bucket or week) is walked once per instance;
 * buckets between the bounds that are not answered are taken out by name, which is rare. Days around whole weeks are far apart: they are
 * looked up one by one.
 */
export function bucketConditions(parameters: Parameters, source: Source, grain: BucketGrain, buckets: readonly IsoDate[]): string[] {
  const [first, last] = [buckets[0]!, buckets.at(-1)!];
  if (buckets.length * 2 < bucketSpan(grain, first, last)) return scattered(parameters, source, grain, buckets);
  const between = (expression: string, from: IsoDate, to: IsoDate, what: string): string =>
    `${expression} BETWEEN ${parameters.bind(from, 'date', `first ${what}`)} AND ${parameters.bind(to, 'date', `last ${what}`)}`;
  const conditions: string[] = [];
  if (source.leads === 'month') conditions.push(between('bucket', firstOfMonth(first), firstOfMonth(addDays(last, 6)), 'month'));
  if (source.leads === 'week' || source.bucket === 'week')
    conditions.push(between('week', weeksOf(grain, first, source.window)[0]!, weeksOf(grain, last, source.window).at(-1)!, 'week'));
  if (source.bucket !== 'week') conditions.push(between(source.bucket, first, last, grain));
  if (buckets.length < bucketSpan(grain, first, last)) {
    const left = leftOut(grain, buckets);
    conditions.push(`${source.bucket} <> ALL (${parameters.bind(left, 'date[]', `${grain}s left out`)})`);
  }
  return conditions;
}

function scattered(parameters: Parameters, source: Source, grain: BucketGrain, buckets: readonly IsoDate[]): string[] {
  const among = (expression: string, dates: IsoDate[], what: string): string =>
    `${expression} = ANY (${parameters.bind([...new Set(dates)], 'date[]', what)})`;
  const conditions = [among(source.bucket, [...buckets], `${grain}s`)];
  if (source.leads === 'month')
    conditions.push(
      among(
        'bucket',
        buckets.flatMap((bucket) => [firstOfMonth(bucket), firstOfMonth(addDays(bucket, 6))]),
        'months',
      ),
    );
  if (source.leads === 'week' && source.bucket !== 'week')
    conditions.push(
      among(
        'week',
        buckets.flatMap((bucket) => weeksOf(grain, bucket, source.window)),
        'weeks',
      ),
    );
  return conditions;
}

/** Buckets between the first and the last that are not answered. */
function leftOut(grain: BucketGrain, buckets: readonly IsoDate[]): IsoDate[] {
  const answered = new Set(buckets);
  const left: IsoDate[] = [];
  for (let bucket = buckets[0]!; bucket < buckets.at(-1)!; bucket = shiftBucket(grain, bucket, 1))
    if (!answered.has(bucket)) left.push(bucket);
  return left;
}

export const levelConditions = (parameters: Parameters, source: Source): string[] => [
  ...(source.level === null ? [] : [`"${source.level.column}" = ${parameters.bind(source.level.value, 'text', 'level')}`]),
  ...(source.onlySplitWeeks ? [`date_trunc('month', week::timestamp) <> date_trunc('month', (week + 6)::timestamp)`] : []),
];

/**
 * A filter over a text column. Values are as shown or as stored: "(suppressed)", "(unknown)" and the catalogue's labels
 * are translated back. '=' with several values means any of them, which is what a multi-value variable sends.
 */
export function filterCondition(
  parameters: Parameters,
  filter: Filter,
  dimension: Dimension | undefined,
  column = `"${filter.dimension}"`,
): string {
  const { operator, values } = filter;
  if (operator === 'contains') {
    const patterns = parameters.bind(
      values.map((value) => `%${escapeLike(value)}%`),
      'text[]',
      `${filter.dimension} contains`,
    );
    const labelled = valuesLabelled(dimension, values);
    const contains = `${column} COLLATE "und-x-icu" ILIKE ANY (${patterns})`;
    return labelled.length === 0
      ? contains
      : `(${contains} OR ${column} = ANY (${parameters.bind(labelled, 'text[]', `${filter.dimension} shown so`)}))`;
  }
  const negative = operator === '!=' || operator === 'not in';
  const stored = [...new Set(values.flatMap((value) => storedValue(dimension, value)))];
  const description = `${filter.dimension} ${operator}`;
  if (stored.length === 1) return `${column} ${negative ? '<>' : '='} ${parameters.bind(stored[0], 'text', description)}`;
  return `${column} ${negative ? '<> ALL' : '= ANY'} (${parameters.bind(stored, 'text[]', description)})`;
}

/** % and _ are letters here, as the backslash is. */
const escapeLike = (text: string): string => text.replace(/[\\%_]/g, (character) => `\\${character}`);
