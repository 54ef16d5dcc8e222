import { parse } from 'libpg-query';
import type { Pool, PoolClient } from 'pg';
import { findLocalJoins } from './local-joins.ts';
import { eachNode } from './tree.ts';

const WRITES = ['InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt'] as const;

interface Call {
  statement: (typeof WRITES)[number];
  table: string;
  function: string;
  ofColumns: boolean;
}

/**
 * What Citus would refuse in statements that write distributed tables: volatile functions anywhere in them, stable ones of a column in
 * an UPDATE or DELETE, and there a local table that is asked row by row; in any statement, an outer join of a distributed table with a
 * local one (local-joins.ts). Found in the parsed statement and looked up in the database, where a function's nature is known.
 */
export async function findStatementObstacles(
  db: Pool | PoolClient,
  statements: Iterable<string>,
  tables: readonly string[],
): Promise<string[]> {
  const calls: Call[] = [];
  const joins: string[] = [];
  for (const text of statements) {
    const tree = await parse(text);
    collectWrites(tree, new Set(tables), calls);
    joins.push(...findLocalJoins(tree, new Set(tables)));
  }
  const { rows } = await db.query<{ name: string; nature: string }>(
    `SELECT proname AS name, CASE WHEN bool_or(provolatile = 'v') THEN 'volatile' ELSE 'stable' END AS nature
       FROM pg_proc WHERE proname = ANY ($1) AND provolatile IN ('v', 's') GROUP BY proname`,
    [[...new Set(calls.map((call) => call.function))]],
  );
  const natures = new Map(rows.map(({ name, nature }) => [name, nature]));
  const told = calls.flatMap(({ statement, table, function: name, ofColumns }) => {
    const nature = natures.get(name);
    const refused = nature === 'volatile' || (nature === 'stable' && ofColumns && statement !== 'InsertStmt');
    return refused ? [`${statement} on ${table} calls ${name}(), which is ${nature}`] : [];
  });
  return [...new Set([...told, ...joins])].sort();
}

/** Every write of one of the tables, wherever it stands (in a WITH too), with all functions called in it. */
function collectWrites(node: unknown, tables: ReadonlySet<string>, calls: Call[]): void {
  eachNode(node, (name, body) => {
    if (!(WRITES as readonly string[]).includes(name)) return;
    const table = (body as { relation?: { relname?: string } }).relation?.relname ?? '';
    if (!tables.has(table)) return;
    eachNode(body, (inner, call) => {
      if (inner !== 'FuncCall') return;
      const { funcname = [], args } = call as { funcname?: { String?: { sval?: string } }[]; args?: unknown };
      let ofColumns = false;
      eachNode(args, (kind) => (ofColumns ||= kind === 'ColumnRef'));
      calls.push({ statement: name as Call['statement'], table, function: funcname.at(-1)?.String?.sval ?? '', ofColumns });
    });
  });
}
