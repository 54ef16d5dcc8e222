import type { SelectStmt } from '@pgsql/types';
import type { QueryShape } from '../shape.ts';
import { convert } from '../types.ts';

/** Gives the columns of one side of a union the types of the whole. */
export function convertColumns(select: SelectStmt, own: QueryShape, whole: QueryShape): void {
  if (select.op && select.op !== 'SETOP_NONE') {
    for (const side of [select.larg, select.rarg]) if (side) convertColumns(side, own, whole);
    return;
  }
  own.columns.forEach((column, index) => {
    const target = select.targetList?.[index];
    const to = whole.columns[index]?.type;
    if (target && 'ResTarget' in target && target.ResTarget.val && to !== undefined) convert(target.ResTarget.val, column.type, to);
  });
}
