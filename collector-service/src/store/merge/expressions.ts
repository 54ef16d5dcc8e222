import type { Column } from '../../catalogue/dataset.ts';
import { SUPPRESSED, UNKNOWN, storedName, storedType, unitDivisor } from '../../catalogue/tables.ts';
import type { TableShape } from '../table-shape.ts';

/** The temporary table a result is copied into; private to the session and gone at the end of the transaction. */
export const STAGED = 'staged_file';

/** Stands between the values a key is hashed from; two different rows can only share a key by holding it themselves. */
const BETWEEN = `E'\\x1f'`;
const NOTHING = `E'\\x01'`;

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/**
 * Hash of everything that names a row: key columns, dimensions, day, currency and whether Amazon hid something.
 * md5 of joined text was the fastest of what gives 128 bits and stays the same over PostgreSQL versions.
 */
export function rowKey({ day, texts, filtered }: TableShape): string {
  const values = [
    ...texts.map((name) => `coalesce(${name}, ${NOTHING})`),
    // Immutable, as a generated column must be; date to text depends on a setting.
    ...(day ? [`coalesce((${day} - DATE '2000-01-01')::text, ${NOTHING})`] : []),
    ...(filtered ? [`coalesce(${filtered}::text, ${NOTHING})`] : []),
  ];
  return `md5(${values.join(` || ${BETWEEN} || `) || "''"})::uuid`;
}

/** The same for a roll-up's rows, whose texts are stored ones and never NULL. */
export const groupKey = (texts: readonly string[], filtered: string | undefined): string =>
  `md5(${[...texts, ...(filtered ? [`${filtered}::text`] : [])].join(` || ${BETWEEN} || `) || "''"})::uuid`;

/** A staged text as it is stored: NULL becomes data, and says whether Amazon hid it. */
export const storedText = (name: string, filtered: string | undefined): string =>
  filtered
    ? `coalesce(${name}, CASE WHEN ${filtered} THEN ${literal(SUPPRESSED)} ELSE ${literal(UNKNOWN)} END)`
    : `coalesce(${name}, ${literal(UNKNOWN)})`;

/**
 * A number of the file as it is stored. Money is multiplied by an exact fraction: dividing would round to 16 digits.
 * @param value SQL of the file's number, or of a sum of them
 */
export function storedNumber(column: Column, value: string): string {
  const divisor = unitDivisor(column);
  if (divisor !== 1) return `${value} * ${(1 / divisor).toFixed(Math.round(Math.log10(divisor)))}`;
  return storedType(column) === 'bigint' ? `${value}::bigint` : value;
}

/** Staged rows as fact rows, without instance and week, in the order of factColumns. */
export const storedRow = (shape: TableShape): string[] => [
  'row_key',
  ...(shape.day ? [shape.day] : []),
  ...shape.texts.map((name) => storedText(name, shape.filtered)),
  ...(shape.filtered ? [`coalesce(${shape.filtered}, false)`] : []),
  ...shape.numbers.map((column) => storedNumber(column, storedName(column))),
];

export const factColumns = (shape: TableShape): string[] => [
  'row_key',
  ...(shape.day ? [shape.day] : []),
  ...shape.texts,
  ...(shape.filtered ? [shape.filtered] : []),
  ...shape.numbers.map(storedName),
];
