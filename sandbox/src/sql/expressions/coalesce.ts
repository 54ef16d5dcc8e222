import type { CoalesceExpr, Node } from '@pgsql/types';
import type { Meaning } from '../meaning.ts';
import { oneOf } from './case.ts';
import type { Construct, Work } from './construct.ts';

/** The first that is not NULL: COALESCE, and IFNULL and NVL, which Amazon calls aliases of it. */
export const coalesce: Construct<CoalesceExpr> = (fields, _node, work) => firstKnown(fields.args ?? [], work);

export function firstKnown(nodes: readonly Node[], work: Work): Meaning {
  const parts = nodes.map(work.of);
  return { ...oneOf(nodes, parts, work), isUser: parts.length > 0 && parts.every((part) => part.isUser) };
}
