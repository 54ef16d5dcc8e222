import type { Node } from '@pgsql/types';
import { textOf } from '../ast.ts';
import type { Relation, Scope } from '../scope.ts';

/** Finds the equalities of persons that hold for every row that a condition lets through: a.user_id = b.user_id. */
export function joinPersons(condition: Node | undefined, scope: Scope): void {
  if (!condition) return;
  if ('BoolExpr' in condition) {
    if (condition.BoolExpr.boolop === 'AND_EXPR') for (const part of condition.BoolExpr.args ?? []) joinPersons(part, scope);
    return;
  }
  if (!('A_Expr' in condition) || condition.A_Expr.kind !== 'AEXPR_OP' || textOf(condition.A_Expr.name?.at(-1)) !== '=') return;
  const [one, other] = [condition.A_Expr.lexpr, condition.A_Expr.rexpr].map((side) => personOf(side, scope));
  if (one && other && one !== other) scope.joinPersons(one, other);
}

/** The relation whose person a column is. */
function personOf(node: Node | undefined, scope: Scope): Relation | undefined {
  if (!node || !('ColumnRef' in node)) return undefined;
  const names = (node.ColumnRef.fields ?? []).map(textOf);
  const found = scope.find(names.length > 1 ? names.at(-2) : undefined, names.at(-1) ?? '');
  const [relation] = found?.relations ?? [];
  return found?.column.isUser && found.column.type === 'USER' && relation && scope.relations.includes(relation) ? relation : undefined;
}
