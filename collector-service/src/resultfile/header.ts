import { CollectorError } from '../contract/error.ts';

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

export interface HeaderMatch {
  /** For each column of the file, in its order, the index of the expected column. */
  order: number[];
}

/**
 * Finds the expected columns in a header by name, in any case and any order.
 * @throws CollectorError result_header naming what is missing, unknown or given twice
 */
export function matchHeader(expected: readonly string[], header: readonly string[], name: string): HeaderMatch {
  const wanted = new Map(expected.map((column, index) => [column.toLowerCase(), index]));
  const found = header.map((column) => wanted.get(column.trim().toLowerCase()));
  const unknown = header.filter((_, at) => found[at] === undefined);
  const missing = expected.filter((_, index) => !found.includes(index));
  const twice = header.filter((_, at) => found[at] !== undefined && found.indexOf(found[at]) < at);
  const faults = [
    missing.length > 0 ? `missing: ${listed(missing)}` : '',
    unknown.length > 0 ? `not in the dataset: ${listed(unknown)}` : '',
    twice.length > 0 ? `given twice: ${listed(twice)}` : '',
  ].filter(Boolean);
  if (faults.length > 0) {
    const message = `The columns of ${name} are not the dataset's (${faults.join('; ')}). Check that the file belongs to this dataset; a changed query needs a new dataset version.`;
    throw refuse(message, { missing, unknown, twice });
  }
  return { order: found as number[] };
}

const listed = (names: readonly string[]): string =>
  names
    .slice(0, 10)
    .map((name) => JSON.stringify(name.slice(0, 60)))
    .join(', ') + (names.length > 10 ? ` and ${names.length - 10} more` : '');

const refuse = (message: string, details?: Record<string, unknown>): CollectorError =>
  new CollectorError(message, { code: 'result_header', kind: 'data', status: 422, ...(details ? { details } : {}) });
