import { become, expression, template } from '../ast.ts';
import type { ColumnInfo } from '../scope.ts';
import type { Target } from '../target.ts';

/**
 * The columns of a sub-query that stands for a value: the query around it cannot know who is behind, so a value that needs
 * more people than there are is NULL there already. What never leaves stays marked as such.
 */
export function judgedValues(
  meanings: readonly Target[],
  columns: readonly ColumnInfo[],
  { persons, count }: { persons: readonly string[]; count: string },
): ColumnInfo[] {
  const someone =
    persons.length > 0 ? `CASE WHEN ${persons.map((person) => `${person} IS NOT NULL`).join(' AND ')} THEN 1 ELSE 0 END` : '0';
  return columns.map((column, index) => {
    const value = meanings[index]?.target.val;
    if (column.needed <= 1 || column.needed === Infinity || !value) return column;
    const people = expression(`COALESCE(${count}, ${someone})`);
    become(value, template(`CASE WHEN $1 >= ${column.needed} THEN $2 END`, [people, { ...value }]));
    return { ...column, needed: 1 };
  });
}
