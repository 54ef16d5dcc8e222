import type { SelectStmt, TypeName } from '@pgsql/types';
import { functionName, textOf, visit } from './ast.ts';
import { placeOf, SqlRejected } from './rejection.ts';

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
]);

export const AGGREGATES = new Set([
  'count',
  'sum',
  'avg',
  'min',
  'max',
  'stddev',
  'stddev_pop',
  'stddev_samp',
  'variance',
  'var_pop',
  'var_samp',
  'collect',
  'array_agg',
  'bool_and',
  'bool_or',
  'every',
]);

// prettier-ignore
const FUNCTIONS = new Set([
  ...AGGREGATES,
  // AMC's own
  'built_in_parameter', 'custom_parameter', 'convert_time_zone_from_utc', 'seconds_between', 'if', 'array_contains', 'cardinality',
  'named_row', 'array_sort', 'extend_time_window',
  // windows
  'row_number', 'rank', 'dense_rank', 'percent_rank', 'cume_dist', 'ntile', 'lag', 'lead', 'first_value', 'last_value', 'nth_value',
  // numbers
  'abs', 'ceil', 'ceiling', 'floor', 'round', 'trunc', 'truncate', 'mod', 'power', 'sqrt', 'ln', 'log10', 'exp', 'sign',
  // text
  'upper', 'lower', 'trim', 'btrim', 'ltrim', 'rtrim', 'substring', 'substr', 'char_length', 'character_length', 'length', 'position',
  'strpos', 'replace', 'concat', 'split_part', 'initcap', 'similar_to_escape', 'like_escape', 'md5',
  // time
  'extract', 'date_part', 'date_trunc', 'timezone',
  'unnest',
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

// prettier-ignore
const TYPES = new Set([
  'int2', 'int4', 'int8', 'smallint', 'integer', 'int', 'bigint', 'tinyint', 'byte', 'short', 'long', 'numeric', 'decimal', 'float4',
  'float8', 'float', 'real', 'double', 'text', 'varchar', 'bpchar', 'char', 'string', 'bool', 'boolean', 'date', 'timestamp', 'interval',
]);

/** @throws SqlRejected for the first construct that is not allowed */
export function assertAllowed(select: SelectStmt, sql: string): void {
  visit({ SelectStmt: select }, (kind, node) => {
    const at = (length?: number): string => placeOf(sql, node.location as number | undefined, length);
    if (/^[A-Z]/.test(kind) && !CONSTRUCTS.has(kind)) {
      if (kind === 'A_Star') throw new SqlRejected('SQL query was invalid. SELECT * is not supported: name the columns.');
      throw new SqlRejected(`SQL query was invalid. ${at()}: Unsupported construct ${kind}`);
    }
    if (kind === 'FuncCall') assertFunction(node as never, at);
    if (kind === 'A_Expr') assertOperator(node as never);
    if (kind === 'typeName' || kind === 'TypeName') assertType(node as TypeName, at);
    if (kind === 'JoinExpr') assertJoin(node as never, at);
    if (kind === 'intoClause') throw new SqlRejected('SQL query was invalid. SELECT INTO is not supported.');
    if (kind === 'withClause' && node.recursive) throw new SqlRejected('SQL query was invalid. Recursive WITH is not supported.');
    if (kind === 'CommonTableExpr' && !('SelectStmt' in (node.ctequery as object))) {
      throw new SqlRejected(`SQL query was invalid. ${at()}: WITH may hold only SELECT`);
    }
    if (kind === 'SQLValueFunction' && !/^SVFOP_(CURRENT_DATE|CURRENT_TIMESTAMP|LOCALTIMESTAMP)/.test(String(node.op))) {
      throw new SqlRejected(`SQL query was invalid. ${at()}: Unsupported construct ${String(node.op).replace('SVFOP_', '')}`);
    }
  });
}

function assertFunction(call: { funcname?: never[]; location?: number }, at: (length?: number) => string): void {
  const name = functionName(call);
  const schema = (call.funcname?.length ?? 0) > 1 ? textOf(call.funcname?.[0]) : 'pg_catalog';
  if (!FUNCTIONS.has(name) || schema !== 'pg_catalog' || (call.funcname?.length ?? 0) > 2) {
    throw new SqlRejected(`SQL query was invalid. ${at(name.length)}: No match found for function signature ${name.toUpperCase()}`);
  }
}

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
  if (!TYPES.has(name) || schema !== 'pg_catalog' || type.setof || type.pct_type) {
    throw new SqlRejected(`SQL query was invalid. ${at(name.length)}: Unknown datatype name '${name.toUpperCase()}'`);
  }
}

function assertJoin(node: { jointype?: string; isNatural?: boolean }, at: () => string): void {
  if (node.jointype === 'JOIN_RIGHT') throw new SqlRejected('SQL query was invalid. RIGHT JOIN is not supported.');
  if (node.isNatural) throw new SqlRejected(`SQL query was invalid. ${at()}: NATURAL JOIN is not supported`);
}
