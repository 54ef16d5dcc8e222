import type { MinMaxExpr } from '@pgsql/types';
import { become, template } from '../ast.ts';
import { assertApart } from '../privacy/guard.ts';
import { oneOf } from './case.ts';
import type { Construct } from './construct.ts';

/** GREATEST and LEAST: NULL as soon as one of the values is, where PostgreSQL would leave it out. */
export const greatestLeast: Construct<MinMaxExpr> = (fields, node, work) => {
  const nodes = fields.args ?? [];
  const parts = nodes.map(work.of);
  assertApart(parts, 'GREATEST or LEAST', work.dialect.open);
  const meaning = oneOf(nodes, parts, work);
  const name = fields.op === 'IS_LEAST' ? 'least' : 'greatest';
  become(node, template(`amc.${name}(VARIADIC ARRAY[${nodes.map((_, index) => `$${index + 1}`).join(', ')}])`, nodes));
  return meaning;
};
