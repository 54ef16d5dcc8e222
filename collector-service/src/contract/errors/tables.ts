import { ERROR_PARTS } from '../errors.ts';
import type { ErrorEntry } from './entry.ts';

const MARKED = /(<!-- errors:(\w+) -->\n).*?(<!-- \/errors -->)/gs;

/** A page with its tables of errors, `<!-- errors:<part> -->` to `<!-- /errors -->`, made anew; the rest stays as it is. */
export const withErrorTables = (page: string): string =>
  page.replace(
    MARKED,
    (_whole, start: string, part: keyof typeof ERROR_PARTS, end: string) => `${start}\n${table(ERROR_PARTS[part])}\n${end}`,
  );

/** Codes one after the other with the same cause and remedy share a row. */
function table(entries: Readonly<Record<string, ErrorEntry>>): string {
  const rows: { codes: string[]; cause: string; remedy: string }[] = [];
  for (const [code, { cause, remedy }] of Object.entries(entries)) {
    const last = rows.at(-1);
    if (last?.cause === cause && last.remedy === remedy) last.codes.push(code);
    else rows.push({ codes: [code], cause, remedy });
  }
  const cells = [
    ['Code', 'Cause', 'Remedy'],
    ...rows.map(({ codes, cause, remedy }) => [codes.map((code) => `\`${code}\``).join(', '), marked(cause), marked(remedy)]),
  ];
  const widths = [0, 1, 2].map((column) => Math.max(...cells.map((row) => row[column]!.length)));
  const line = (row: readonly string[], fill = ' ') => `| ${row.map((cell, column) => cell.padEnd(widths[column]!, fill)).join(' | ')} |\n`;
  const [head, ...body] = cells;
  return line(head!) + line(['', '', ''], '-') + body.map((row) => line(row)).join('');
}

/** Names of variables, and the files named after one, as code. */
const marked = (text: string): string => text.replace(/\b[A-Z]+(_[A-Z]+)+(\/[a-z.]*[a-z])?/g, '`$&`');
