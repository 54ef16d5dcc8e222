import type { A_Expr, Node } from '@pgsql/types';
import { combine, type Meaning } from '../meaning.ts';
import { assertComparable } from '../privacy/guard.ts';
import { invalid } from '../rejection.ts';
import { calciteType, comparedType, convert } from '../types.ts';
import type { Construct, Work } from './construct.ts';

/** = <> < > <= >= and IS [NOT] DISTINCT FROM. */
export const comparison: Construct<A_Expr> = ({ lexpr: left, rexpr: right }, _node, work) => compared(left, right ? [right] : [], work);

/** BETWEEN and NOT BETWEEN. */
export const between: Construct<A_Expr> = ({ lexpr: left, rexpr: right }, _node, work) =>
  compared(left, right && 'List' in right ? (right.List.items ?? []) : [], work);

/** IN and NOT IN a list: text and numbers may stand in it side by side. */
export const inList = between;

/** One value compared with others, all brought to types that compare. */
export function compared(left: Node | undefined, others: readonly Node[], work: Work): Meaning {
  const one = work.of(left);
  const meanings = others.map(work.of);
  assertComparable([one, ...meanings], work.dialect.open);
  const types = meanings.map((other) => comparedType(one.type, other.type));
  meanings.forEach((other, index) => {
    if (types[index] === undefined && one.type !== undefined && other.type !== undefined) throw incomparable(one, other);
  });
  // One target for the left side: a number where any of the others is one.
  const target = types.reduce((kept, type) => (kept === undefined ? type : comparedType(kept, type)), undefined);
  if (left) convert(left, one.type, target);
  others.forEach((other, index) => convert(other, meanings[index]?.type, target));
  return { ...combine([one, ...meanings]), type: 'BOOLEAN' };
}

export const incomparable = (one: Meaning, other: Meaning) =>
  invalid(`Cannot apply '=' to arguments of type '<${calciteType(one.type)}> = <${calciteType(other.type)}>'`);
