import { createHash } from 'node:crypto';
import type { OutputColumn } from '../sql/run.ts';

export interface CsvFormat {
  readonly separator: string;
  readonly quote: string;
  readonly escape: string;
  readonly bom: boolean;
  readonly lineEnd: '\n' | '\r\n';
}

/** Amazon's defaults as far as seen: comma, double quote, backslash (reference/amc.md §3.5). */
export const csvFormat = (
  outputFormat: { separatorCharacter?: string; quoteCharacter?: string; escapeCharacter?: string } = {},
  behaviour: { bom: boolean; crlf: boolean },
): CsvFormat => ({
  separator: outputFormat.separatorCharacter || ',',
  quote: outputFormat.quoteCharacter || '"',
  escape: outputFormat.escapeCharacter || '\\',
  bom: behaviour.bom,
  lineEnd: behaviour.crlf ? '\r\n' : '\n',
});

/** A value as Amazon writes it: dates plain, timestamps with a T and milliseconds, booleans in capitals, NULL as nothing. */
function fieldText(value: string | null, column: OutputColumn): string {
  if (value === null) return '';
  if (column.dataType === 'TIMESTAMP') {
    const [date, time = '00:00:00'] = value.split(' ');
    const [seconds, fraction = ''] = time.split('.');
    return `${date}T${seconds}.${fraction.padEnd(3, '0').slice(0, 3)}`;
  }
  if (column.dataType === 'BOOLEAN') return value === 't' ? 'TRUE' : 'FALSE';
  return value;
}

function quoted(text: string, format: CsvFormat): string {
  const special = [format.separator, format.quote, format.escape, '\n', '\r'];
  if (!special.some((character) => text.includes(character))) return text;
  let escaped = '';
  for (const character of text) {
    if (character === format.quote || character === format.escape) escaped += format.escape;
    escaped += character;
  }
  return format.quote + escaped + format.quote;
}

/** Rows in an order of the execution's own: Amazon promises none, and a client that relies on one is found out. */
function shuffled(rows: readonly (string | null)[][], seed: string): (string | null)[][] {
  const result = [...rows];
  let state = createHash('sha256').update(seed).digest().readUInt32BE(0) || 1;
  for (let at = result.length - 1; at > 0; at--) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    const other = (state >>> 0) % (at + 1);
    const [one, two] = [result[at], result[other]];
    if (one && two) [result[at], result[other]] = [two, one];
  }
  return result;
}

/** One to five files, each with the header; header only when there are no rows. */
export function csvFiles(
  result: { output: readonly OutputColumn[]; rows: readonly (string | null)[][] },
  format: CsvFormat,
  options: { seed: string; parts: number },
): string[] {
  const line = (fields: string[]): string => fields.map((field) => quoted(field, format)).join(format.separator) + format.lineEnd;
  const header = (format.bom ? '\ufeff' : '') + line(result.output.map((column) => column.name));
  const lines = shuffled(result.rows, options.seed).map((row) =>
    line(result.output.map((column, index) => fieldText(row[index] ?? null, column))),
  );
  const parts = Math.max(1, Math.min(options.parts, 5, lines.length || 1));
  const size = Math.ceil(lines.length / parts);
  return Array.from({ length: parts }, (_, part) => header + lines.slice(part * size, (part + 1) * size).join(''));
}
