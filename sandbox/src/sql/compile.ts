import type { Node, SelectStmt } from '@pgsql/types';
import type { AmcTable } from '../tables/table.ts';
import { assertAllowed } from './allowed.ts';
import { quoteName, sqlOf, textOf } from './ast.ts';
import type { DialectContext } from './dialect.ts';
import { parseQuery } from './parse.ts';
import { convertColumns } from './queries/convert-columns.ts';
import { resolveCtes, resolver } from './queries/resolve.ts';
import { invalid, SqlRejected, tooDeep } from './rejection.ts';
import type { ColumnInfo } from './scope.ts';
import { merged, type QueryShape } from './shape.ts';

/** One SELECT of the outermost UNION ALL, with what the privacy filter must know about it. */
export interface Branch {
  readonly sql: string;
  readonly columns: readonly ColumnInfo[];
  readonly tables: readonly string[];
  /** How many persons a row may stand for. */
  readonly persons: number;
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
export function compileQuery(sql: string, tables: ReadonlyMap<string, AmcTable>, dialect: DialectContext): CompiledQuery {
  try {
    return compile(sql, tables, dialect);
  } catch (error) {
    // Whoever reads a tree goes down with it, as far as the stack goes.
    throw error instanceof RangeError ? tooDeep() : error;
  }
}

function compile(sql: string, tables: ReadonlyMap<string, AmcTable>, dialect: DialectContext): CompiledQuery {
  const select = parseQuery(sql);
  assertAllowed(select, sql);
  if (select.sortClause?.length) throw invalid('ORDER BY outside of window functions is not supported.');
  const work = resolver(sql, tables, dialect);
  const ctes = resolveCtes(select, new Map(), work);
  const withSql = withClause(select);
  delete select.withClause;
  const read = leaves(select).map((leaf): { leaf: SelectStmt; shape: QueryShape } => ({
    leaf,
    shape: work.query(leaf, ctes, undefined, 'rows'),
  }));
  const fromTables = read.some(({ shape }) => shape.tables.length > 0);
  if (work.groups === 0 && fromTables && !dialect.open) throw invalid('The query must contain at least one aggregate function.');
  if (read.some(({ shape }) => shape.columns.length !== read[0]?.shape.columns.length)) throw invalid('Column count mismatch in UNION ALL');
  const whole = read.map(({ shape }) => shape).reduce(merged);
  for (const { leaf, shape } of read) convertColumns(leaf, shape, whole);
  if (!dialect.open) assertMayLeave(whole.columns);
  const branches = read.map(({ leaf, shape }) => ({
    sql: sqlOf({ SelectStmt: leaf }),
    columns: shape.columns,
    tables: shape.tables,
    persons: shape.persons,
  }));
  return { withSql, branches, columns: whole.columns, extended: work.extended };
}

function assertMayLeave(columns: readonly ColumnInfo[]): void {
  const forbidden = columns.find((column) => column.needed === Infinity);
  if (forbidden)
    throw new SqlRejected(`Column '${forbidden.name}' has aggregation threshold VERY_HIGH and cannot be included in the output`);
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
