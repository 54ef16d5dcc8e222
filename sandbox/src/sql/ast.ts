import type { FuncCall, Node, SelectStmt } from '@pgsql/types';
import { deparseSync } from 'pgsql-deparser';
import { parseSync } from 'libpg-query';

/** The few things everybody does with PostgreSQL's syntax tree. */

/** SQL text of any node. */
export const sqlOf = (node: Node): string => deparseSync(node as never, { pretty: false });

/** The tree of an expression written as SQL; for what the sandbox adds to a query, which is easier to read as SQL. */
export function expression(sql: string): Node {
  const target = selectOf(`SELECT ${sql}`).targetList?.[0];
  if (!target || !('ResTarget' in target) || !target.ResTarget.val) throw new Error(`Not an expression: ${sql}`);
  return target.ResTarget.val;
}

export function selectOf(sql: string): SelectStmt {
  const statement = parseSync(sql).stmts?.[0]?.stmt;
  if (!statement || !('SelectStmt' in statement)) throw new Error(`Not a SELECT: ${sql}`);
  return statement.SelectStmt;
}

export const textOf = (node: Node | undefined): string => (node && 'String' in node ? (node.String.sval ?? '') : '');

/** A function's own name, whatever schema stands before it. */
export const functionName = (call: FuncCall): string => textOf(call.funcname?.at(-1)).toLowerCase();

export const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`;
export const quoteText = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** A string constant's text, or undefined for anything else. */
export function constantText(node: Node | undefined): string | undefined {
  return node && 'A_Const' in node && node.A_Const.sval ? (node.A_Const.sval.sval ?? '') : undefined;
}

/**
 * Visits every node below a value, parents first. Fields that hold a node without its kind (typeName, alias, withClause)
 * are visited under the name of the field. The visitor may return a node to put in the place of the one it saw.
 */
export function visit(value: unknown, visitor: (kind: string, node: Record<string, unknown>) => Node | undefined | void): void {
  if (Array.isArray(value)) {
    for (let at = 0; at < value.length; at++) value[at] = visited(value[at], visitor);
    return;
  }
  if (value === null || typeof value !== 'object') return;
  const fields = value as Record<string, unknown>;
  for (const [name, child] of Object.entries(fields)) {
    if (child !== null && typeof child === 'object') fields[name] = visited(child, visitor, name);
  }
}

function visited(
  child: unknown,
  visitor: (kind: string, node: Record<string, unknown>) => Node | undefined | void,
  field?: string,
): unknown {
  if (Array.isArray(child) || child === null || typeof child !== 'object') {
    visit(child, visitor);
    return child;
  }
  const kinds = Object.keys(child);
  const kind = kinds.length === 1 && /^[A-Z]/.test(kinds[0] ?? '') ? kinds[0] : undefined;
  const replacement = visitor(kind ?? field ?? '', (kind ? (child as Record<string, unknown>)[kind] : child) as Record<string, unknown>);
  const result = replacement ?? child;
  visit(kind && !replacement ? (child as Record<string, unknown>)[kind] : result, visitor);
  return result;
}

export const isNullConstant = (node: Node): boolean => 'A_Const' in node && node.A_Const.isnull === true;

/** Puts another node in this one's place; whoever holds the node then holds the other. */
export function become(node: Node, other: Node): void {
  const fields = node as unknown as Record<string, unknown>;
  for (const key of Object.keys(fields)) delete fields[key];
  Object.assign(fields, other);
}

const templates = new Map<string, Node>();

/** An expression with $1, $2, … replaced by the given nodes; what is given twice stands in both places. */
export function template(sql: string, nodes: readonly Node[]): Node {
  let parsed = templates.get(sql);
  if (!parsed) templates.set(sql, (parsed = expression(sql)));
  const holder = { node: structuredClone(parsed) };
  const fill = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(fill);
    if (value === null || typeof value !== 'object') return value;
    if ('ParamRef' in value) return nodes[((value as { ParamRef: { number?: number } }).ParamRef.number ?? 0) - 1];
    return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, fill(child)]));
  };
  return fill(holder.node) as Node;
}
