import { CollectorError } from '../../contract/error.ts';
import type { CsvScanner, Escape, Reading } from './scan.ts';

/** How a part must be read. */
export interface Dialect {
  /** What stands for a quotation mark inside quotes; 'mixed' files use both and are rewritten on the way into the database. */
  escape: Escape | 'mixed';
  lineEnds: 'lf' | 'crlf' | 'mixed';
  /** The bytes cannot go to COPY as they are. */
  rewrite: boolean;
}

/** 'contradictory': neither escape alone explains the file; it may still be an unambiguous mixture of both. */
export type Choice = { dialect: Dialect; reading: Reading } | 'contradictory';

/**
 * Chooses the reading of a scanned file from its own evidence; where that leaves two, the escape the workflow asked for decides.
 * @param expected escape set in the workflow's outputFormat; unknown for a file that a person brings
 * @throws CollectorError result_truncated when the file ends inside a record, result_value when nothing decides
 */
export function chooseDialect(scan: CsvScanner, expected: Escape | undefined, name: string): Choice {
  if (scan.lastByte !== 0x0a) throw truncated(`${name} does not end with a line break: it was cut off.`);
  const doubled = survives(scan.doubled);
  const backslash = survives(scan.backslash);
  if (doubled && backslash && scan.differ && expected === undefined) {
    const message = `${name} holds backslashes inside quotes that may or may not be escapes. Say which escape the file uses.`;
    throw new CollectorError('result_value', message);
  }
  if (doubled && backslash) return choice(scan, scan.differ ? expected! : 'doubled', name);
  if (doubled) return choice(scan, 'doubled', name);
  if (backslash) return choice(scan, 'backslash', name);
  if (scan.doubled.diedInRow === 0 || scan.backslash.diedInRow === 0)
    throw truncated(`${name} ends inside quotes: it was cut off, or a quotation mark is missing.`);
  return 'contradictory';
}

const survives = (reading: Reading): boolean => reading.diedInRow === 0 && reading.complete;

function choice(scan: CsvScanner, escape: Escape, name: string): Choice {
  const reading = scan[escape];
  const lineEnds = lineEndsOf(reading, name);
  return { dialect: { escape, lineEnds, rewrite: lineEnds === 'mixed' }, reading };
}

export function lineEndsOf(reading: Pick<Reading, 'rows' | 'crlf' | 'returns'>, name: string): Dialect['lineEnds'] {
  if (reading.returns !== reading.crlf) {
    const message = `${name} holds a carriage return outside quotes that ends no line. Write line ends as LF or CRLF and put such values into quotes.`;
    throw new CollectorError('result_value', message);
  }
  if (reading.crlf === 0) return 'lf';
  return reading.crlf === reading.rows ? 'crlf' : 'mixed';
}

export const truncated = (message: string): CollectorError => new CollectorError('result_truncated', message);
