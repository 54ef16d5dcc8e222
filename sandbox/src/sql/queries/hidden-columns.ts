import type { Node, SelectStmt } from '@pgsql/types';
import { expression } from '../ast.ts';
import { COUNT_COLUMN, personColumn, USER_COLUMN } from '../scope.ts';

const NOBODY = 'CAST(NULL AS bigint)';

/** The columns that carry the people behind a row along: a person and a number always, further persons where there are. */
export const hiddenColumns = ({ persons, count }: { persons: readonly string[]; count: string }): Node[] =>
  [
    { name: USER_COLUMN, val: persons[0] ?? NOBODY },
    { name: COUNT_COLUMN, val: count },
    ...persons.slice(1).map((val, index) => ({ name: personColumn(index + 1), val })),
  ].map(({ name, val }) => ({ ResTarget: { name, val: expression(val) } }));

/** Their names. */
export const hiddenNames = (persons: number): string[] => [
  USER_COLUMN,
  COUNT_COLUMN,
  ...Array.from({ length: Math.max(0, persons - 1) }, (_, index) => personColumn(index + 1)),
];

/** Gives one side of a union as many persons as the other has: what stands for one stands for that one throughout. */
export function padPersons(select: SelectStmt, visible: number, own: number, wanted: number): void {
  if (select.op && select.op !== 'SETOP_NONE') {
    for (const side of [select.larg, select.rarg]) if (side) padPersons(side, visible, own, wanted);
    return;
  }
  const person = select.targetList?.[visible];
  for (let index = Math.max(1, own); index < wanted; index++) {
    if (person && 'ResTarget' in person) {
      select.targetList?.push({ ResTarget: { ...structuredClone(person.ResTarget), name: personColumn(index) } });
    }
  }
}
