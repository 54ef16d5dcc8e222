import type { BooleanTest, BoolExpr, NullTest } from '@pgsql/types';
import { combine } from '../meaning.ts';
import type { Construct } from './construct.ts';

/** AND, OR, NOT. */
export const logic: Construct<BoolExpr> = (fields, _node, { of }) => ({ ...combine((fields.args ?? []).map(of)), type: 'BOOLEAN' });

/** IS NULL: whether something is there tells less than what it is. */
export const nullTest: Construct<NullTest> = (fields, _node, { of }) => {
  const tested = of(fields.arg);
  return { ...combine([tested]), needed: Math.min(tested.needed, 2), guarded: false, type: 'BOOLEAN' };
};

/** IS TRUE, IS NOT FALSE and the like. */
export const truthTest: Construct<BooleanTest> = (fields, _node, { of }) => ({ ...combine([of(fields.arg)]), type: 'BOOLEAN' });
