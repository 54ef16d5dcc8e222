import type { A_Expr, Node } from '@pgsql/types';
import { combine } from '../meaning.ts';
import { assertComparable } from '../privacy/guard.ts';
import { convert } from '../types.ts';
import type { Construct } from './construct.ts';

/** LIKE and NOT LIKE: the whole text, % and _ as wildcards; a backslash is a character like any other, as in Calcite. */
export const like: Construct<A_Expr> = (fields, _node, work) => {
  const { lexpr: left, rexpr: right } = fields;
  const one = work.of(left);
  const escaped = right && 'FuncCall' in right ? right.FuncCall.args : undefined;
  const patterns = (escaped ?? [right]).filter((node): node is Node => node !== undefined);
  const others = patterns.map(work.of);
  assertComparable([one, ...others], work.dialect.open);
  if (left) convert(left, one.type, 'STRING');
  patterns.forEach((pattern, index) => convert(pattern, others[index]?.type, 'STRING'));
  if (!escaped && right) withoutEscape(fields, right);
  return { ...combine([one, ...others]), type: 'BOOLEAN' };
};

function withoutEscape(fields: A_Expr, pattern: Node): void {
  fields.rexpr = {
    FuncCall: {
      funcname: [{ String: { sval: 'pg_catalog' } }, { String: { sval: 'like_escape' } }],
      args: [pattern, { A_Const: { sval: { sval: '' } } }],
      funcformat: 'COERCE_EXPLICIT_CALL',
    },
  };
}
