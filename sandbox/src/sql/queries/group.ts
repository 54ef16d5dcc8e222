import type { Node, SelectStmt } from '@pgsql/types';
import { sqlOf } from '../ast.ts';
import type { Meaning } from '../meaning.ts';
import { usersOfAggregate } from '../privacy/user-count.ts';
import type { Scope } from '../scope.ts';
import { groupKeys, type Target } from '../target.ts';

export interface GroupKey {
  readonly node: Node;
  readonly meaning: Meaning;
}

/** The keys of GROUP BY: positions of output columns, or expressions, each read once and so turned into PostgreSQL's. */
export function groupKeyMeanings(select: SelectStmt, meanings: readonly Target[], read: (node: Node) => Meaning): GroupKey[] {
  return (select.groupClause ?? []).flatMap(groupKeys).flatMap((key): GroupKey[] => {
    if ('A_Const' in key && key.A_Const.ival) {
      const target = meanings[(key.A_Const.ival.ival ?? 0) - 1];
      return target?.target.val ? [{ node: target.target.val, meaning: target.meaning }] : [];
    }
    return [{ node: key, meaning: read(key) }];
  });
}

/** The people behind a group: one, where it is grouped by the only person of its rows; else as many as are counted. */
export function groupPeople(
  select: SelectStmt,
  scope: Scope,
  keys: readonly GroupKey[],
  meanings: readonly Target[],
): { persons: string[]; count: string; byUser: boolean } {
  const sets = (select.groupClause ?? []).some((node) => 'GroupingSet' in node);
  const person = sets || scope.persons().length > 1 ? undefined : keys.find((key) => key.meaning.isUser);
  if (person) {
    const id = sqlOf(person.node);
    return { persons: [person.meaning.type === 'USER' ? id : `CAST(${id} AS bigint)`], count: 'CAST(NULL AS bigint)', byUser: true };
  }
  const aggregates = meanings.flatMap(({ meaning }) => meaning.aggregates);
  const count = usersOfAggregate(
    aggregates,
    keys.map((key) => key.meaning),
    scope,
  );
  return { persons: [], count, byUser: false };
}
