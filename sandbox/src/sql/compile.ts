import type { Node, SelectStmt } from '@pgsql/types';
import type { AmcTable } from '../tables/table.ts';
import { assertAllowed } from './allowed.ts';
import { quoteName, sqlOf, textOf } from './ast.ts';
import { toPostgres, type DialectContext } from './dialect.ts';
import { parseQuery } from './parse.ts';
import { SqlRejected } from './rejection.ts';
import { Resolver } from './resolve.ts';
import type { ColumnInfo } from './scope.ts';

/** One SELECT of the outermost UNION ALL, with what the privacy filter must know about it. */
export interface Branch {
  readonly sql: string;
  readonly columns: readonly ColumnInfo[];
  readonly tables: readonly string[];
}

export interface CompiledQuery {
  /** WITH …, or nothing. */
  readonly withSql: string;
  /** Judged one by one: what is a literal in one branch may be a column in the next. */
  readonly branches: readonly Branch[];
  /** Names of the output columns, and over all branches what they are. */
  readonly columns: readonly ColumnInfo[];
  readonly extended: ReadonlyMap<string, { before: string; after: string }>;
}

/** Checks AMC SQL and turns it into PostgreSQL over the reader's views. @throws SqlRejected with Amazon's kind of reason */
export function compileQuery(sql: string, tables: ReadonlyMap<string, AmcTable>, context: DialectContext): CompiledQuery {
  const select = parseQuery(sql);
  assertAllowed(select, sql);
  toPostgres(select, context);
  const resolver = new Resolver(sql, tables);
  const ctes = resolver.ctes(select);
  const withSql = withClause(select);
  delete select.withClause;
  const branches: Branch[] = [];
  for (const leaf of leaves(select)) {
    const shape = resolver.query(leaf, ctes, undefined, true);
    branches.push({ sql: sqlOf({ SelectStmt: leaf }), columns: shape.columns, tables: shape.tables });
  }
  if (resolver.aggregates === 0) throw new SqlRejected('SQL query was invalid. The query must contain at least one aggregate function.');
  const [first] = branches;
  if (!first) throw new SqlRejected('SQL query was invalid.');
  const columns = first.columns.map((column, index) => overBranches(column, branches, index));
  for (const column of columns) {
    if (column.needed === Infinity) {
      throw new SqlRejected(`Column '${column.name}' has aggregation threshold VERY_HIGH and cannot be included in the output`);
    }
  }
  return { withSql, branches, columns, extended: resolver.extended };
}

/** The SELECTs of a UNION ALL from left to right; a UNION of another kind stays whole. */
function leaves(select: SelectStmt): SelectStmt[] {
  const plain = !select.sortClause && !select.limitCount && !select.limitOffset && !select.lockingClause && !select.withClause;
  if (select.op === 'SETOP_UNION' && select.all && plain && select.larg && select.rarg)
    return [...leaves(select.larg), ...leaves(select.rarg)];
  return [select];
}

function withClause(select: SelectStmt): string {
  const ctes = (select.withClause?.ctes ?? []).flatMap((node) => ('CommonTableExpr' in node ? [node.CommonTableExpr] : []));
  if (ctes.length === 0) return '';
  const texts = ctes.map((cte) => {
    const names = (cte.aliascolnames ?? []).map((node) => quoteName(textOf(node)));
    return `${quoteName(cte.ctename ?? '')}${names.length > 0 ? `(${names.join(', ')})` : ''} AS (${sqlOf(cte.ctequery as Node)})`;
  });
  return `WITH ${texts.join(', ')}`;
}

function overBranches(column: ColumnInfo, branches: readonly Branch[], index: number): ColumnInfo {
  const all = branches.map((branch) => branch.columns[index]);
  if (all.some((one) => one === undefined) || branches.some((branch) => branch.columns.length !== branches[0]?.columns.length)) {
    throw new SqlRejected('SQL query was invalid. Column count mismatch in UNION ALL');
  }
  const known = all.filter((one) => one !== undefined);
  const type = known.find((one) => one.type && one.needed > 0)?.type ?? column.type;
  return {
    name: column.name,
    needed: Math.max(...known.map((one) => one.needed)),
    guarded: known.some((one) => one.guarded),
    isUser: known.some((one) => one.isUser),
    metric: known.some((one) => one.metric),
    ...(type && { type }),
  };
}
