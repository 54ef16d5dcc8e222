import type { Node, SelectStmt, TypeName } from '@pgsql/types';
import { functionName, textOf, visit } from './ast.ts';
import { TYPE_NAMES } from './expressions/cast.ts';
import { FUNCTIONS } from './functions/all.ts';
import { unknownFunction } from './functions/unknown.ts';
import { invalid, placeOf, SandboxLacks, SqlRejected } from './rejection.ts';
import { isReserved } from './scope.ts';

/**
 * The first wall: only known constructs pass. Whatever this list does not name is refused, so that a construct nobody
 * thought of is refused too. (The second wall is the reader login: database/reader.ts.)
 */
const CONSTRUCTS = new Set([
  'SelectStmt',
  'ResTarget',
  'ColumnRef',
  'String',
  'Integer',
  'Float',
  'Boolean',
  'A_Const',
  'A_Expr',
  'A_ArrayExpr',
  'A_Indirection',
  'A_Indices',
  'BoolExpr',
  'NullTest',
  'BooleanTest',
  'CaseExpr',
  'CaseWhen',
  'CoalesceExpr',
  'MinMaxExpr',
  'FuncCall',
  'TypeCast',
  'TypeName',
  'RangeVar',
  'RangeSubselect',
  'RangeFunction',
  'JoinExpr',
  'SubLink',
  'CommonTableExpr',
  'WindowDef',
  'SortBy',
  'List',
  'GroupingSet',
  'GroupingFunc',
  'SQLValueFunction',
  'JsonSerializeExpr',
  'JsonFormat',
]);

const OPERATORS = new Set([
  '+',
  '-',
  '*',
  '/',
  '%',
  '=',
  '<>',
  '!=',
  '<',
  '>',
  '<=',
  '>=',
  '~~',
  '!~~',
  '~',
  '!~',
  'BETWEEN',
  'NOT BETWEEN',
]);

/** More would keep PostgreSQL planning for minutes. */
const MOST_RELATIONS = 500;

/** @throws SqlRejected for the first construct that is not allowed */
export function assertAllowed(select: SelectStmt, sql: string): void {
  let relations = 0;
  visit({ SelectStmt: select }, (kind, node) => {
    assertNames(kind, node);
    if (kind === 'CommonTableExpr' || kind === 'RangeVar' || kind === 'RangeSubselect') relations++;
    if (relations > MOST_RELATIONS) throw new SandboxLacks(`room for more than ${MOST_RELATIONS} tables, sub-queries and WITH queries`);
    const at = (length?: number): string => placeOf(sql, node.location as number | undefined, length);
    if (/^[A-Z]/.test(kind) && !CONSTRUCTS.has(kind)) {
      if (kind === 'A_Star') throw invalid('SELECT * is not supported: name the columns.');
      throw new SandboxLacks(`the construct ${kind}`);
    }
    if (kind === 'FuncCall') assertFunction(node as never, at);
    if (kind === 'A_Expr') assertOperator(node as never);
    if (kind === 'typeName' || kind === 'TypeName') assertType(node as TypeName, at);
    if (kind === 'JoinExpr') assertJoin(node as never);
    if (kind === 'RangeVar' && node.inh === false) throw invalid('Encountered "ONLY".');
    if (kind === 'SelectStmt' && node.groupDistinct) throw invalid('Encountered "DISTINCT".');
    if (kind === 'FuncCall' && node.func_variadic) throw invalid('Encountered "VARIADIC".');
    if (kind === 'intoClause') throw invalid('SELECT INTO is not supported.');
    if (kind === 'withClause' && node.recursive) throw new SandboxLacks('recursive WITH');
    if (kind === 'CommonTableExpr' && !('SelectStmt' in (node.ctequery as object))) {
      throw invalid(`${at()}: WITH may hold only SELECT`);
    }
    if (kind === 'SQLValueFunction' && !/^SVFOP_(CURRENT_DATE|CURRENT_TIMESTAMP|LOCALTIMESTAMP)/.test(String(node.op))) {
      throw invalid(`${at()}: Unsupported construct ${String(node.op).replace('SVFOP_', '')}`);
    }
  });
}

/** Table functions, and what the parser makes of SIMILAR TO and of LIKE … ESCAPE. */
const BESIDE_FUNCTIONS = new Set(['extend_time_window', 'similar_to_escape', 'like_escape']);

function assertFunction(call: { funcname?: never[]; location?: number }, at: (length?: number) => string): void {
  const name = functionName(call);
  const schema = (call.funcname?.length ?? 0) > 1 ? textOf(call.funcname?.[0]) : 'pg_catalog';
  const known = FUNCTIONS.has(name) || BESIDE_FUNCTIONS.has(name);
  if (!known || schema !== 'pg_catalog' || (call.funcname?.length ?? 0) > 2) throw unknownFunction(name, at(name.length));
}

/** The names of the columns that carry people along are the sandbox's own. */
function assertNames(kind: string, node: Record<string, unknown>): void {
  const names = [
    node.name,
    node.aliasname,
    node.ctename,
    node.refname,
    ...[...list(node.colnames), ...list(node.aliascolnames)].map(textOf),
  ];
  const reserved = names.find((name) => typeof name === 'string' && isReserved(name));
  if (reserved !== undefined && kind !== 'FuncCall') throw new SandboxLacks(`the name ${reserved}, which it uses itself`);
}

const list = (value: unknown): Node[] => (Array.isArray(value) ? (value as Node[]) : []);

function assertOperator(node: { name?: never[]; kind?: string }): void {
  const name = textOf(node.name?.at(-1));
  const known = OPERATORS.has(name) && (node.name?.length ?? 0) === 1;
  // ~ is how the parser spells SIMILAR TO; written by hand it is PostgreSQL's regular expression, which Amazon has not.
  const regular = name.endsWith('~') && !name.endsWith('~~') && node.kind !== 'AEXPR_SIMILAR';
  if (!known || regular || node.kind === 'AEXPR_ILIKE') throw new SqlRejected(`Unsupported scalar operation type ${name}`);
}

function assertType(type: TypeName, at: (length?: number) => string): void {
  const name = textOf(type.names?.at(-1)).toLowerCase();
  const schema = (type.names?.length ?? 0) > 1 ? textOf(type.names?.[0]) : 'pg_catalog';
  if (!TYPE_NAMES.has(name) || schema !== 'pg_catalog' || type.setof || type.pct_type || type.arrayBounds?.length) {
    throw invalid(`${at(name.length)}: Unknown datatype name '${name.toUpperCase()}'`);
  }
}

function assertJoin(node: { jointype?: string; isNatural?: boolean }): void {
  if (node.jointype === 'JOIN_RIGHT') throw invalid('RIGHT JOIN is not supported.');
  if (node.isNatural) throw new SandboxLacks('NATURAL JOIN');
}
