import type { A_Expr } from '@pgsql/types';
import { typed } from '../meaning.ts';
import { compared } from './comparison.ts';
import type { Construct } from './construct.ts';

/** NULLIF: NULL where both are equal, else the first. */
export const nullIf: Construct<A_Expr> = ({ lexpr: left, rexpr: right }, _node, work) => {
  const first = work.of(left);
  const test = compared(left, right ? [right] : [], work);
  return typed({ ...test, literal: first.literal }, first.type);
};
