import type { SelectStmt } from '@pgsql/types';
import { invalid } from '../rejection.ts';
import type { Scope } from '../scope.ts';
import { merged, type QueryShape } from '../shape.ts';
import { convertColumns } from './convert-columns.ts';
import { distinctRows } from './distinct.ts';
import type { Ctes, QueryWork } from './query-work.ts';

/** UNION and UNION ALL: columns of different types meet in one, text where texts and numbers mix. */
export function union(select: SelectStmt, ctes: Ctes, parent: Scope | undefined, hidden: boolean, work: QueryWork): QueryShape {
  if (select.sortClause?.length) delete select.sortClause;
  if (!select.larg || !select.rarg) throw invalid('Encountered "<EOF>".');
  const left = work.query(select.larg, ctes, parent, hidden);
  const right = work.query(select.rarg, ctes, parent, hidden);
  if (left.columns.length !== right.columns.length) throw invalid('Column count mismatch in UNION ALL');
  const shape = merged(left, right);
  convertColumns(select.larg, left, shape);
  convertColumns(select.rarg, right, shape);
  if (!select.all && hidden) distinctRows(select, shape);
  return shape;
}
