import type { Node, ResTarget, SelectStmt } from '@pgsql/types';
import { textOf } from '../ast.ts';
import { containsAggregate } from './contains-aggregate.ts';

/**
 * GROUP BY may name an output column. Where a table has a column of that name too, the output column is meant, as in
 * Calcite; PostgreSQL would take the table's, so the name gives way to the column's place.
 */
export function groupByAlias(select: SelectStmt, targets: readonly ResTarget[]): void {
  const place = (node: Node): Node => {
    if ('GroupingSet' in node) return mapped(node.GroupingSet, 'content', node);
    if ('List' in node) return mapped(node.List, 'items', node);
    const name = plainName(node);
    const index = name === undefined ? -1 : targets.findIndex((target) => target.name === name);
    const value = targets[index]?.val;
    if (!value || ('ColumnRef' in value && textOf(value.ColumnRef.fields?.at(-1)) === name) || containsAggregate(value)) return node;
    return { A_Const: { ival: { ival: index + 1 } } };
  };
  const mapped = <F extends object>(fields: F, key: keyof F, node: Node): Node => {
    fields[key] = (fields[key] as Node[] | undefined)?.map(place) as F[keyof F];
    return node;
  };
  if (select.groupClause) select.groupClause = select.groupClause.map(place);
}

/** HAVING may name an output column too, which is then written out, since PostgreSQL knows none there. */
export function havingAlias(select: SelectStmt, targets: readonly ResTarget[], isColumn: (name: string) => boolean): void {
  if (!select.havingClause) return;
  const plain = !containsAggregate(select.havingClause);
  const written = (node: Node): Node | undefined => {
    const name = plainName(node);
    if (name === undefined || (!plain && isColumn(name))) return undefined;
    return targets.find((target) => target.name === name)?.val;
  };
  const holder = { node: select.havingClause };
  replace(holder, written);
  select.havingClause = holder.node;
}

/** Replaces nodes without looking into what was put in their place. */
function replace(value: unknown, written: (node: Node) => Node | undefined): void {
  if (value === null || typeof value !== 'object') return;
  const fields = value as Record<string, unknown>;
  for (const [key, child] of Object.entries(fields)) {
    const other = child !== null && typeof child === 'object' && 'ColumnRef' in child ? written(child as Node) : undefined;
    if (other) fields[key] = other;
    else replace(child, written);
  }
}

const plainName = (node: Node): string | undefined =>
  'ColumnRef' in node && node.ColumnRef.fields?.length === 1 ? textOf(node.ColumnRef.fields[0]) : undefined;
