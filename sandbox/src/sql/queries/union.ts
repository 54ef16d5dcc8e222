import type { SelectStmt } from '@pgsql/types';
import { assertApart } from '../privacy/guard.ts';
import { invalid, SandboxLacks } from '../rejection.ts';
import type { Scope } from '../scope.ts';
import { merged, type QueryShape } from '../shape.ts';
import { convertColumns } from './convert-columns.ts';
import { distinctPeople, distinctRows } from './distinct.ts';
import { padPersons } from './hidden-columns.ts';
import type { Ctes, QueryMode, QueryWork } from './query-work.ts';

/** UNION and UNION ALL: columns of different types meet in one, text where texts and numbers mix. */
export function union(select: SelectStmt, ctes: Ctes, parent: Scope | undefined, mode: QueryMode, work: QueryWork): QueryShape {
  const hidden = mode === 'rows';
  if (mode === 'value') throw new SandboxLacks('a UNION as a value');
  if (select.sortClause?.length) delete select.sortClause;
  if (!select.larg || !select.rarg) throw invalid('Encountered "<EOF>".');
  const left = work.query(select.larg, ctes, parent, mode);
  const right = work.query(select.rarg, ctes, parent, mode);
  if (left.columns.length !== right.columns.length) throw invalid('Column count mismatch in UNION ALL');
  const columns = merged(left, right);
  // A literal among guarded values would find its equals by grouping.
  for (const column of columns.columns) assertApart([{ ...column, relations: new Set(), aggregates: [] }], 'a UNION', work.open);
  if (hidden) {
    padPersons(select.larg, left.columns.length, left.persons, columns.persons);
    padPersons(select.rarg, right.columns.length, right.persons, columns.persons);
  }
  const shape = !select.all && hidden ? { ...columns, ...distinctPeople(columns) } : columns;
  convertColumns(select.larg, left, shape);
  convertColumns(select.rarg, right, shape);
  if (!select.all && hidden) distinctRows(select, columns);
  return shape;
}
