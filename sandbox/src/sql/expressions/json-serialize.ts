import type { JsonSerializeExpr } from '@pgsql/types';
import { become } from '../ast.ts';
import { invalid } from '../rejection.ts';
import type { Construct } from './construct.ts';

/** JSON_SERIALIZE(json): PostgreSQL's grammar has its own form of it, which becomes the plain call that Amazon means. */
export const jsonSerialize: Construct<JsonSerializeExpr> = ({ expr, output }, node, work) => {
  if (!expr?.raw_expr || output) throw invalid('Invalid use of JSON_SERIALIZE');
  const name = [{ String: { sval: 'json_serialize' } }];
  const plain = { FuncCall: { funcname: name, args: [expr.raw_expr], funcformat: 'COERCE_EXPLICIT_CALL' as const } };
  const meaning = work.of(plain);
  become(node, plain);
  return meaning;
};
