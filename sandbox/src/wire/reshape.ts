import Papa from 'papaparse';
import type { Fault, FaultName } from '../control/faults.ts';
import type { CsvFormat } from '../execution/csv.ts';

/** A result file as rows of fields, the header first. */
type Table = string[][];

const SHAPES: Partial<Record<FaultName, (table: Table, column: string | undefined) => Table>> = {
  'column-added': (table, column = 'new_column') => table.map((row, index) => [...row, index === 0 ? column : 'x']),
  'column-removed': (table, column) => {
    const at = placeOf(table, column);
    return table.map((row) => row.toSpliced(at, 1));
  },
  'column-renamed': (table, column) => {
    const at = placeOf(table, column);
    return table.map((row, index) => (index === 0 ? row.with(at, `${row[at]}_renamed`) : row));
  },
  'column-retyped': (table, column) => {
    const at = placeOf(table, column);
    return table.map((row, index) => (index === 0 ? row : row.with(at, 'many')));
  },
  'columns-reordered': (table) => table.map((row) => row.toReversed()),
  'rows-duplicated': (table) => (table[1] ? [...table, table[1]] : table),
  'rows-removed': (table) => table.slice(0, 1),
  'rows-halved': (table, column) => {
    const at = placeOf(table, column);
    const order = [...new Set(table.slice(1).map((row) => row[at] ?? ''))].filter(Boolean).sort();
    return table.filter((row, index) => index === 0 || order.indexOf(row[at] ?? '') % 2 !== 1);
  },
  'byte-order-mark': (table) => table,
};
export const SHAPE_FAULTS = Object.keys(SHAPES) as FaultName[];

/** A result file whose shape is not what its workflow promised: what a changed table or query of Amazon's would bring. */
export function reshape(fault: Fault, file: string, format: CsvFormat): string {
  const dialect = { delimiter: format.separator, quoteChar: format.quote, escapeChar: format.escape };
  const table = Papa.parse<string[]>(file.replace(/^\ufeff/, ''), { ...dialect, skipEmptyLines: true }).data;
  const shaped = SHAPES[fault.name]!(table, fault.column);
  const mark = format.bom || fault.name === 'byte-order-mark' ? '\ufeff' : '';
  return mark + Papa.unparse(shaped, { ...dialect, newline: format.lineEnd }) + format.lineEnd;
}

/** The named column, or the last. */
function placeOf(table: Table, column: string | undefined): number {
  const header = table[0]!;
  const at = column === undefined ? header.length - 1 : header.indexOf(column);
  if (at < 0) throw new Error(`The result has no column ${column}; it has ${header.join(', ')}.`);
  return at;
}
