import type { Column } from '../../catalogue/dataset.ts';
import { SUPPRESSED, UNKNOWN, storedName, storedType, unitDivisor } from '../../catalogue/tables.ts';
import type { TableShape } from '../table-shape.ts';

/** The temporary table a result is copied into; private to the session and gone at the end of the transaction. */
export const STAGED = 'staged_file';

/** What a file says of its rows' week; compared with the week that is merged, and not stored. No column of a dataset begins like this. */
export const STAGED_WEEK = '_week';

/** A column's name in STAGED. */
export const stagedName = (column: Column): string => (column.role === 'week' ? STAGED_WEEK : storedName(column));

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/**
 * 64 bits of everything that names a staged row: key columns, dimensions, day, currency and whether Amazon hid something.
 * A sixth of the time that 128 bits of md5 over joined text take, which was a tenth of a merge. Two rows of a week that share a key by
 * accident (once in 10^10 weeks of 20,000 rows) are refused as duplicates and never become one. The hash is PostgreSQL's own,
 * which hash partitions and their upgrades rely on; should it change all the same, row-keys.ts makes the stored keys again.
 */
export const rowKey = (shape: TableShape): string => hashOf(keyColumns(shape, (name) => name));

/** The same key out of a stored row. */
export const storedRowKey = (shape: TableShape): string =>
  hashOf(keyColumns(shape, (name) => `nullif(nullif(${name}, ${literal(SUPPRESSED)}), ${literal(UNKNOWN)})`));

const keyColumns = ({ day, texts, filtered }: TableShape, text: (name: string) => string): string[] => [
  ...texts.map(text),
  ...(day ? [day] : []),
  ...(filtered ? [`coalesce(${filtered}, false)`] : []),
];

/** The key of a roll-up's row, whose texts are stored ones and never NULL. */
export const groupKey = (texts: readonly string[], filtered: string | undefined): string =>
  hashOf([...texts, ...(filtered ? [filtered] : [])]);

const hashOf = (columns: readonly string[]): string =>
  columns.length > 0 ? `hash_record_extended(ROW(${columns.join(', ')}), 0)` : '0::bigint';

/**
 * 64 bits of a row with its numbers as they are stored, for the week's checksum. PostgreSQL's hash of a record is linear in its
 * columns' hashes, so that values swapped between two rows would leave a plain sum unchanged; seeding each row's with its key
 * prevents that. The hash follows equality: 1.0 is 1.00.
 * @param number SQL of a column's stored number
 */
const rowHash = (shape: TableShape, number: (column: Column) => string): string =>
  `hash_record_extended(ROW(row_key${shape.numbers.map((column) => `, ${number(column)}`).join('')}), row_key)`;

/** Of the values that a row holds beyond its dataset's columns; rows without any have the same checksum as before there were such. */
const EXTRA_HASH = 'jsonb_hash_extended(extra, row_key # 1)';

/** Of every row of a week together: does not depend on their order. */
export const weekHash = (shape: TableShape, number: (column: Column) => string): string =>
  `coalesce(sum(${rowHash(shape, number)}), 0) + coalesce(sum(${EXTRA_HASH}) FILTER (WHERE extra IS NOT NULL), 0)`;

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
  'extra',
];

export const factColumns = (shape: TableShape): string[] => [
  'row_key',
  ...(shape.day ? [shape.day] : []),
  ...shape.texts,
  ...(shape.filtered ? [shape.filtered] : []),
  ...shape.numbers.map(storedName),
  'extra',
];
