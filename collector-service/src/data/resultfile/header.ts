import { headersOf, isInFile, type HeaderColumn } from '../catalogue/column-headers.ts';
import { nearest } from '../catalogue/nearest.ts';
import { CollectorError } from '../../contract/error.ts';

const LONGEST_HEADER = 64 * 1024;

/**
 * The column names of a header record, as written. Quotes are taken off; a name that holds an escaped quote is no name of ours
 * and comes out as it stands.
 * @param record bytes of the first record, without byte order mark, line end included
 * @throws CollectorError result_header when it is too long to be one
 */
export function parseHeader(record: Uint8Array, name: string): string[] {
  if (record.length > LONGEST_HEADER) throw refuse(`${name} does not begin with a header: its first record has ${record.length} bytes.`);
  const text = Buffer.from(record)
    .toString('utf8')
    .replace(/\r?\n$/, '');
  return [...text.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map((match) => match[1] ?? match[2] ?? '');
}

/** How a header differs from the columns that are expected. Names are matched in any case and any order. */
export interface HeaderComparison {
  /** For each column of the file, in its order, the index of the expected column; undefined for an added one. */
  order: (number | undefined)[];
  /** Expected columns that the file lacks and that nothing in it resembles. */
  missing: string[];
  /** Expected columns that the file seems to hold under another name. */
  renamed: { column: string; found: string }[];
  /** Columns that nobody expects, as written, without those that look like a renamed one. */
  added: string[];
  /** Names given twice, columns that one expected column would be, and names that are none: empty, overlong or with control characters. */
  unusable: string[];
  /** Columns that nobody expects, when they are more than can be kept; 0 otherwise. */
  tooMany: number;
}

/** Bytes; longer ones PostgreSQL would cut without a word. */
const LONGEST_NAME = 63;
/** A file with more columns that nobody expects is another file. */
export const MOST_ADDED = 100;

const plain = (name: string): string => name.trim().toLowerCase();

export function compareHeader(expected: readonly HeaderColumn[], header: readonly string[]): HeaderComparison {
  const names = header.map((name) => name.trim());
  const wanted = new Map(
    expected.flatMap((column, index) => (isInFile(column) ? headersOf(column).map((each) => [plain(each), index] as const) : [])),
  );
  const order = names.map((name) => wanted.get(plain(name)));
  const twice = names.filter((name, at) => names.findIndex((other) => plain(other) === plain(name)) < at);
  const rivals = names.filter((_, at) => order[at] !== undefined && order.indexOf(order[at]) < at);
  const unknown = names.filter((_, at) => order[at] === undefined);
  const noNames = unknown.filter((name) => name === '' || Buffer.byteLength(name) > LONGEST_NAME || /\p{Cc}/u.test(name));
  let added = unknown.filter((name) => !noNames.includes(name));
  const missing: string[] = [];
  const renamed: { column: string; found: string }[] = [];
  for (const column of expected.filter((each, index) => isInFile(each) && !order.includes(index))) {
    const [found] = headersOf(column).flatMap((each) => nearest(each, added));
    if (found === undefined) missing.push(column.name);
    else renamed.push({ column: column.name, found });
    added = added.filter((name) => name !== found);
  }
  const unusable = [...new Set([...twice, ...rivals, ...noNames])];
  return { order, missing, renamed, added, unusable, tooMany: added.length > MOST_ADDED ? added.length : 0 };
}

/**
 * Finds the expected columns in a header by name, in any case and any order.
 * @returns for each column of the file the index of the expected column, undefined for one that nobody expects
 * @throws CollectorError result_header naming what is missing, renamed or cannot be told apart
 */
export function matchHeader(expected: readonly HeaderColumn[], header: readonly string[], name: string): (number | undefined)[] {
  const { order, missing, renamed, unusable, tooMany } = compareHeader(expected, header);
  const faults = [
    missing.length > 0 ? `missing: ${listed(missing)}` : '',
    renamed.length > 0 ? `renamed: ${renamed.map((each) => `${quoted(each.column)} to ${quoted(each.found)}`).join(', ')}` : '',
    unusable.length > 0 ? `without a name of their own: ${listed(unusable)}` : '',
    tooMany > 0 ? tooManyAdded(tooMany) : '',
  ].filter(Boolean);
  if (faults.length > 0) {
    const message = `The columns of ${name} are not the dataset's (${faults.join('; ')}). Check that the file belongs to this dataset; a changed query needs a new dataset version.`;
    throw refuse(message, { missing, renamed, unusable });
  }
  return order;
}

export const tooManyAdded = (count: number): string =>
  `${count} columns that the dataset does not know, of which ${MOST_ADDED} at most are kept; leave some out of the export, or declare them in the dataset`;

export const quoted = (name: string): string => JSON.stringify(name.slice(0, 60));

export const listed = (names: readonly string[]): string =>
  names.slice(0, 10).map(quoted).join(', ') + (names.length > 10 ? ` and ${names.length - 10} more` : '');

const refuse = (message: string, details?: Record<string, unknown>): CollectorError =>
  new CollectorError('result_header', message, { details });
