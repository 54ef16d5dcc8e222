import type { Node, SelectStmt } from '@pgsql/types';
import { quoteName, selectOf, sqlOf } from '../ast.ts';
import { combine } from '../meaning.ts';
import { invalid } from '../rejection.ts';
import { COUNT_COLUMN, Scope, USER_COLUMN } from '../scope.ts';
import type { QueryShape } from '../shape.ts';
import { columnOf } from '../target.ts';
import { commonType, convert } from '../types.ts';
import type { QueryMode, QueryWork } from './query-work.ts';

/** VALUES (1, 'a'), (2, 'b'): rows of constants, that nobody stands behind. */
export function values(select: SelectStmt, parent: Scope | undefined, mode: QueryMode, work: QueryWork): QueryShape {
  if (select.sortClause?.length) delete select.sortClause;
  const scope = new Scope(work.sql, parent);
  const rows = (select.valuesLists ?? []).map((row) => ('List' in row ? (row.List.items ?? []) : []));
  const width = rows[0]?.length ?? 0;
  if (rows.some((row) => row.length !== width)) throw invalid('Values passed to VALUES operator must have compatible types');
  const columns = Array.from({ length: width }, (_, index) => {
    const cells = rows.map((row) => row[index]).filter((node): node is Node => node !== undefined);
    const meanings = cells.map((cell) => work.read(cell, scope, new Map()));
    const type = commonType(meanings.map((meaning) => meaning.type));
    cells.forEach((cell, at) => convert(cell, meanings[at]?.type, type));
    const column = columnOf(`EXPR$${index}`, combine(meanings));
    return type ? { ...column, type } : column;
  });
  const shown = columns.map((column, index) => `column${index + 1} AS ${quoteName(column.name)}`);
  const nobody = mode === 'rows' ? [`CAST(NULL AS bigint) AS ${USER_COLUMN}`, `CAST(NULL AS bigint) AS ${COUNT_COLUMN}`] : [];
  const body = sqlOf({
    SelectStmt: { valuesLists: select.valuesLists, op: 'SETOP_NONE', limitOption: 'LIMIT_OPTION_DEFAULT' } as SelectStmt,
  });
  const wrapped = selectOf(`SELECT ${[...shown, ...nobody].join(', ')} FROM (${body}) AS amc_values`);
  const { withClause } = select;
  for (const key of Object.keys(select)) delete (select as Record<string, unknown>)[key];
  Object.assign(select, wrapped, withClause && { withClause });
  return { columns, persons: 0, hasCount: false, tables: [] };
}
