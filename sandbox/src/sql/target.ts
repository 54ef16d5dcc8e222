import type { Node, ResTarget } from '@pgsql/types';
import type { Meaning } from './analyse.ts';
import { textOf } from './ast.ts';
import type { ColumnInfo, Scope } from './scope.ts';

/** An item of a SELECT list and what it means. */
export interface Target {
  readonly target: ResTarget;
  readonly meaning: Meaning;
}

export function groupKeys(node: Node): Node[] {
  if ('GroupingSet' in node) return (node.GroupingSet.content ?? []).flatMap(groupKeys);
  if ('List' in node) return (node.List.items ?? []).flatMap(groupKeys);
  if ('RowExpr' in node) return (node.RowExpr.args ?? []).flatMap(groupKeys);
  return [node];
}

/** GROUP BY 1, or by the name of an output column that is no column of the tables. */
export function targetOf(key: Node, meanings: readonly Target[], scope: Scope) {
  if ('A_Const' in key && key.A_Const.ival) return meanings[(key.A_Const.ival.ival ?? 0) - 1];
  if (!('ColumnRef' in key) || key.ColumnRef.fields?.length !== 1) return undefined;
  const name = textOf(key.ColumnRef.fields[0]);
  return scope.find(undefined, name) ? undefined : meanings.find(({ target }) => target.name === name);
}

export const columnOf = (name: string, meaning: Meaning): ColumnInfo => ({
  name,
  needed: meaning.needed,
  guarded: meaning.guarded,
  isUser: meaning.isUser,
  metric: meaning.metric,
  ...(meaning.type && { type: meaning.type }),
});

/** Calcite's names for columns without one. */
export function outputName(target: ResTarget, index: number): string {
  if (target.val && 'ColumnRef' in target.val) return textOf(target.val.ColumnRef.fields?.at(-1));
  return `EXPR$${index}`;
}
