import type { SelectStmt } from '@pgsql/types';
import { assertNoLiteral } from '../privacy/guard.ts';
import { invalid } from '../rejection.ts';
import type { Scope } from '../scope.ts';
import { merged, type QueryShape } from '../shape.ts';
import { convertColumns } from './convert-columns.ts';
import { distinctPeople, distinctRows } from './distinct.ts';
import type { Ctes, QueryWork } from './query-work.ts';

/** UNION and UNION ALL: columns of different types meet in one, text where texts and numbers mix. */
export function union(select: SelectStmt, ctes: Ctes, parent: Scope | undefined, hidden: boolean, work: QueryWork): QueryShape {
  if (select.sortClause?.length) delete select.sortClause;
  if (!select.larg || !select.rarg) throw invalid('Encountered "<EOF>".');
  const left = work.query(select.larg, ctes, parent, hidden);
  const right = work.query(select.rarg, ctes, parent, hidden);
  if (left.columns.length !== right.columns.length) throw invalid('Column count mismatch in UNION ALL');
  const columns = merged(left, right);
  // A literal among guarded values would find its equals by grouping.
  for (const column of columns.columns) assertNoLiteral([{ ...column, relations: new Set(), aggregates: [] }], work.open);
  const shape = !select.all && hidden ? { ...columns, ...distinctPeople(columns) } : columns;
  convertColumns(select.larg, left, shape);
  convertColumns(select.rarg, right, shape);
  if (!select.all && hidden) distinctRows(select, columns);
  return shape;
}
