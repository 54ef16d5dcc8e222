import type { Node } from '@pgsql/types';
import type { ScalarType } from '../tables/table.ts';
import { become, constantText, expression, isNullConstant, template } from './ast.ts';

/**
 * What an expression gives. USER is a person's id: a string to Amazon, a number inside (tables/table.ts). MAP and ROW are
 * JSON inside. NULL is the constant; undefined is what the sandbox does not know, which is then left to PostgreSQL.
 */
export type SqlType = ScalarType | 'USER' | 'NULL' | 'INTERVAL' | 'BINARY' | 'ROW' | 'MAP' | `ARRAY<${string}>`;

const NUMBERS: readonly (SqlType | undefined)[] = ['INTEGER', 'LONG', 'DECIMAL', 'DOUBLE'];

export const isNumber = (type: SqlType | undefined): boolean => NUMBERS.includes(type);
export const isText = (type: SqlType | undefined): boolean => type === 'STRING' || type === 'USER';
export const isTime = (type: SqlType | undefined): boolean => type === 'DATE' || type === 'TIMESTAMP';
export const isArray = (type: SqlType | undefined): type is `ARRAY<${string}>` => type?.startsWith('ARRAY<') ?? false;
export const arrayOf = (element: SqlType | undefined): SqlType => `ARRAY<${element ?? ''}>`;
export const elementOf = (type: SqlType | undefined): SqlType | undefined =>
  isArray(type) ? ((type.slice(6, -1) || undefined) as SqlType | undefined) : undefined;

/** PostgreSQL's name of a type; DOUBLE is computed as a decimal, since binary floating point would spoil sums of money by fractions of a cent. */
// prettier-ignore
const POSTGRES: Partial<Record<SqlType, string>> = {
  STRING: 'text', INTEGER: 'int4', LONG: 'int8', DECIMAL: 'numeric', DOUBLE: 'numeric', BOOLEAN: 'bool', DATE: 'date', TIMESTAMP: 'timestamp',
  USER: 'int8', BINARY: 'bytea', ROW: 'jsonb', MAP: 'jsonb', INTERVAL: 'interval',
};
export const postgresType = (type: SqlType): string =>
  isArray(type) ? `${postgresType(elementOf(type) ?? 'STRING')}[]` : (POSTGRES[type] ?? 'text');

/** Calcite's names, for error texts. */
export const calciteType = (type: SqlType | undefined): string =>
  type === undefined ? 'ANY' : isText(type) ? 'VARCHAR' : type === 'LONG' ? 'BIGINT' : isArray(type) ? 'ARRAY' : type;

/** The type of several values that end in one column: of CASE, COALESCE, UNION, VALUES. Text wins over numbers and times. */
export function commonType(types: readonly (SqlType | undefined)[]): SqlType | undefined {
  let common: SqlType | undefined = 'NULL';
  for (const type of types) {
    if (type === undefined) return undefined;
    if (type === 'NULL' || type === common) continue;
    if (common === 'NULL') common = type;
    else if (isNumber(type) && isNumber(common)) common = NUMBERS[Math.max(NUMBERS.indexOf(type), NUMBERS.indexOf(common))];
    else if (isTime(type) && isTime(common)) common = 'TIMESTAMP';
    else if (isText(type) || isText(common)) common = isArray(type) || isArray(common) ? undefined : 'STRING';
    else return undefined;
  }
  return common;
}

/** The type in which two values are compared: against text the other side decides, as in Calcite. */
export function comparedType(one: SqlType | undefined, other: SqlType | undefined): SqlType | undefined {
  if (one === undefined || other === undefined || one === other) return one ?? other;
  if (isText(one) && (isNumber(other) || isTime(other) || other === 'BOOLEAN')) return isNumber(other) ? 'DECIMAL' : other;
  // A truth value is compared with 0 and 1.
  if ((one === 'BOOLEAN' && isNumber(other)) || (other === 'BOOLEAN' && isNumber(one))) return 'INTEGER';
  if (isText(other) && (isNumber(one) || isTime(one) || one === 'BOOLEAN')) return isNumber(one) ? 'DECIMAL' : one;
  return commonType([one, other]);
}

/** Types whose values PostgreSQL mixes by itself. */
const alike = (from: SqlType, to: SqlType): boolean =>
  from === to || from === 'NULL' || (isNumber(from) && isNumber(to)) || (isTime(from) && isTime(to) && to === 'TIMESTAMP');

/**
 * Makes the node give another type, where Amazon would by itself. Text that is no number, time or truth value becomes NULL,
 * as everywhere that a row cannot be converted (docs/sandbox.md).
 */
export function convert(node: Node, from: SqlType | undefined, to: SqlType | undefined): void {
  if (from === undefined || to === undefined || alike(from, to)) return;
  if (isNullConstant(node)) return;
  if (from === 'STRING' && constantText(node) === undefined && (isNumber(to) || isTime(to) || to === 'BOOLEAN')) {
    return become(node, template(`amc.as_${AS[to] ?? ''}($1)`, [{ ...node }]));
  }
  // As the result file writes truth values.
  const sql = from === 'BOOLEAN' && to === 'STRING' ? 'upper(CAST($1 AS text))' : `CAST($1 AS ${postgresType(to)})`;
  become(node, template(sql, [{ ...node }]));
}

/** Endings of the tolerant casts (tables/functions.ts). */
const AS: Partial<Record<SqlType, string>> = {
  INTEGER: 'integer',
  LONG: 'long',
  DECIMAL: 'decimal',
  DOUBLE: 'decimal',
  BOOLEAN: 'boolean',
  DATE: 'date',
  TIMESTAMP: 'timestamp',
};

/** Text to another type without an error, whatever stands in it. */
export const tolerantCast = (type: SqlType): string | undefined => AS[type] && `amc.as_${AS[type]}($1)`;

export const nullOf = (type: SqlType): Node => expression(`CAST(NULL AS ${postgresType(type)})`);
