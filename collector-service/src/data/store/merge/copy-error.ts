import type { Dataset } from '../../catalogue/dataset.ts';
import { CollectorError } from '../../../contract/error.ts';
import { notUtf8 } from '../../resultfile/foreign.ts';
import type { ScannedPart } from '../../resultfile/spool.ts';
import { stagedName } from './expressions.ts';

/** What COPY says of a value it cannot read: its line (of the rows, header not counted), column and text. */
const CONTEXT = /line (\d+)(?:, column (\w+)(?:: "([\s\S]*)")?)?/;

export const EXPECTED = {
  integer: 'a whole number',
  decimal: 'a number',
  date: 'a date (yyyy-mm-dd)',
  boolean: 'true or false',
  string: 'a text',
} as const;

const NOT_UTF8 = '22021';
const BAD_COPY_FORMAT = '22P04';

/** A row that does not fit its header, in words about the file: COPY names columns that only we know. */
function countFault(code: string, message: string): string | undefined {
  if (code !== BAD_COPY_FORMAT) return undefined;
  if (message.startsWith('extra data'))
    return 'the row has more values than the header has columns. A value that holds a comma must stand in quotes';
  return message.startsWith('missing data') ? 'the row has fewer values than the header has columns' : undefined;
}

/** COPY's refusal of a value as a sentence about the file; other errors as they are. */
export function explainCopyError(error: unknown, dataset: Dataset, part: ScannedPart): unknown {
  const { code, where, message } = error as { code?: string; where?: string; message: string };
  // Class 22 is about the data; 57014, 53100 and lost connections are not the file's fault.
  if (!code?.startsWith('22')) return error;
  const [, line, stored, value] = CONTEXT.exec(where ?? '') ?? [];
  const place = line === undefined ? part.name : `${part.name}, line ${Number(line) + 1}`;
  if (code === NOT_UTF8)
    return notUtf8(
      part.name,
      line === undefined ? 'It holds bytes that are no UTF-8' : `Line ${Number(line) + 1} holds bytes that are no UTF-8`,
    );
  const column = dataset.columns.find((each) => stagedName(each) === stored);
  const what =
    column && value !== undefined
      ? `column ${column.name} holds ${JSON.stringify(value.slice(0, 80))}, which is not ${EXPECTED[column.type]}`
      : (countFault(code, message) ?? `${message}${column ? ` (column ${column.name})` : ''}`);
  return new CollectorError('result_value', `${place}: ${what}. The file was refused; nothing was changed.`, {
    details: { part: part.name, ...(line ? { line: Number(line) + 1 } : {}), ...(column ? { column: column.name } : {}) },
    cause: error,
  });
}
