import type { Dataset } from '../../catalogue/dataset.ts';
import { CollectorError } from '../../../contract/error.ts';
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

/** COPY's refusal of a value as a sentence about the file; other errors as they are. */
export function explainCopyError(error: unknown, dataset: Dataset, part: ScannedPart): unknown {
  const { code, where, message } = error as { code?: string; where?: string; message: string };
  // Class 22 is about the data; 57014, 53100 and lost connections are not the file's fault.
  if (!code?.startsWith('22')) return error;
  const [, line, stored, value] = CONTEXT.exec(where ?? '') ?? [];
  const place = line === undefined ? part.name : `${part.name}, line ${Number(line) + 1}`;
  const column = dataset.columns.find((each) => stagedName(each) === stored);
  const what =
    column && value !== undefined
      ? `column ${column.name} holds ${JSON.stringify(value.slice(0, 80))}, which is not ${EXPECTED[column.type]}`
      : `${message}${column ? ` (column ${column.name})` : ''}`;
  return new CollectorError('result_value', `${place}: ${what}. The file was refused; nothing was changed.`, {
    details: { part: part.name, ...(line ? { line: Number(line) + 1 } : {}), ...(column ? { column: column.name } : {}) },
    cause: error,
  });
}
