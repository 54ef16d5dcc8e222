import type { MinMaxExpr } from '@pgsql/types';
import { become, template } from '../ast.ts';
import { assertNoLiteral } from '../privacy/guard.ts';
import { oneOf } from './case.ts';
import type { Construct } from './construct.ts';

/** GREATEST and LEAST: NULL as soon as one of the values is, where PostgreSQL would leave it out. */
export const greatestLeast: Construct<MinMaxExpr> = (fields, node, work) => {
  const nodes = fields.args ?? [];
  const parts = nodes.map(work.of);
  assertNoLiteral(parts, work.dialect.open);
  const meaning = oneOf(nodes, parts);
  const unknown = nodes.map((_, index) => `$${index + 1} IS NULL`).join(' OR ');
  const known = { MinMaxExpr: { ...fields } };
  become(node, template(`CASE WHEN ${unknown} THEN NULL ELSE $${nodes.length + 1} END`, [...nodes, known]));
  return meaning;
};
