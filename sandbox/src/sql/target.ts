import type { Node, ResTarget } from '@pgsql/types';
import type { Meaning } from './meaning.ts';
import { textOf } from './ast.ts';
import type { ColumnInfo } from './scope.ts';

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

export const columnOf = (name: string, meaning: Meaning): ColumnInfo => ({
  name,
  needed: meaning.needed,
  guarded: meaning.guarded,
  isUser: meaning.isUser,
  metric: meaning.metric,
  literal: meaning.literal,
  weight: meaning.weight,
  ...(meaning.type && { type: meaning.type }),
});

/** Calcite's names for columns without one. */
export function outputName(target: ResTarget, index: number): string {
  if (target.val && 'ColumnRef' in target.val) return textOf(target.val.ColumnRef.fields?.at(-1));
  return `EXPR$${index}`;
}
