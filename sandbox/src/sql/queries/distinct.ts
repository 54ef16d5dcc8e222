import type { SelectStmt } from '@pgsql/types';
import { quoteName, selectOf, sqlOf } from '../ast.ts';
import { COUNT_COLUMN, USER_COLUMN } from '../scope.ts';
import type { QueryShape } from '../shape.ts';
import { hiddenNames } from './hidden-columns.ts';

/** The column that is the only person of the row. */
const personIndex = (shape: QueryShape): number =>
  shape.persons > 1 ? -1 : shape.columns.findIndex((column) => column.isUser && column.type === 'USER');

/** After grouping equal rows, a person's own column keeps the person; anything else is counted. */
export function distinctPeople(shape: QueryShape): Pick<QueryShape, 'persons' | 'hasCount'> {
  const byPerson = personIndex(shape) >= 0;
  return { persons: byPerson ? 1 : 0, hasCount: !byPerson };
}

/** UNION without ALL, and DISTINCT beside windows or aggregates: the hidden columns must not keep equal rows apart, so equal rows become groups. */
export function distinctRows(select: SelectStmt, shape: QueryShape): void {
  const names = shape.columns.map((_, index) => `c${index + 1}`);
  const user = personIndex(shape);
  const persons = hiddenNames(shape.persons).filter((name) => name !== COUNT_COLUMN);
  const counted = persons.map((name) => `COUNT(DISTINCT ${name})`);
  const people = `GREATEST(LEAST(${counted.join(', ')}), MAX(${COUNT_COLUMN}))`;
  const { withClause, distinctClause: _distinct, ...rest } = select;
  const body = sqlOf({ SelectStmt: rest.op === 'SETOP_UNION' ? { ...rest, all: true } : rest });
  const wrapped = selectOf(
    `SELECT ${names.map((name, index) => `${name} AS ${quoteName(shape.columns[index]?.name ?? name)}`).join(', ')},
       ${user >= 0 ? names[user] : 'CAST(NULL AS bigint)'} AS ${USER_COLUMN}, CAST(${user >= 0 ? 'NULL' : people} AS bigint) AS ${COUNT_COLUMN}
     FROM (${body}) AS amc_union(${[...names, ...hiddenNames(shape.persons)].join(', ')}) GROUP BY ${names.join(', ')}`,
  );
  for (const key of Object.keys(select)) delete (select as Record<string, unknown>)[key];
  Object.assign(select, wrapped, withClause && { withClause });
}
