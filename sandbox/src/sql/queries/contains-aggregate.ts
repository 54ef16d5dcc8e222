import type { Node } from '@pgsql/types';
import { functionName } from '../ast.ts';
import { FUNCTIONS } from '../functions/all.ts';

/** Whether an expression, as written, holds an aggregate that is no window; sub-queries in it count for themselves. */
export function containsAggregate(node: Node): boolean {
  if ('SubLink' in node) return false;
  if ('FuncCall' in node && !node.FuncCall.over && FUNCTIONS.get(functionName(node.FuncCall))?.kind === 'aggregate') return true;
  return Object.values(node).some(holds);
}

const holds = (value: unknown): boolean => {
  if (Array.isArray(value)) return value.some(holds);
  if (value === null || typeof value !== 'object') return false;
  const [kind] = Object.keys(value);
  return kind !== undefined && /^[A-Z]/.test(kind) ? containsAggregate(value as Node) : Object.values(value).some(holds);
};
