import type { A_Expr } from '@pgsql/types';
import { become, expression, quoteText, template, textOf } from '../ast.ts';
import { postgresPattern } from '../text/java-pattern.ts';
import { combine } from '../meaning.ts';
import { assertComparable } from '../privacy/guard.ts';
import { SandboxLacks } from '../rejection.ts';
import { convert } from '../types.ts';
import type { Construct } from './construct.ts';

/** SIMILAR TO: a Java regular expression that has to be found somewhere in the text. */
export const similarTo: Construct<A_Expr> = (fields, node, work) => {
  const { lexpr: left, rexpr: right } = fields;
  const [pattern, escape] = right && 'FuncCall' in right ? (right.FuncCall.args ?? []) : [];
  const [one, other] = [work.of(left), work.of(pattern)];
  assertComparable([one, other], work.dialect.open);
  if (escape) throw new SandboxLacks('SIMILAR TO with ESCAPE');
  if (other.text === undefined) throw new SandboxLacks('SIMILAR TO with a pattern that differs from row to row');
  if (left) convert(left, one.type, 'STRING');
  const operator = textOf(fields.name?.at(-1));
  const regular = expression(quoteText(postgresPattern(other.text)));
  become(node, template(`CAST($1 AS text) COLLATE "pg_c_utf8" ${operator} $2`, [left ?? regular, regular]));
  return { ...combine([one, other]), type: 'BOOLEAN' };
};
