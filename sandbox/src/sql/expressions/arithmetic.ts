import type { A_Expr, Node } from '@pgsql/types';
import { become, template, textOf } from '../ast.ts';
import { combine, type Meaning } from '../meaning.ts';
import { assertApart } from '../privacy/guard.ts';
import { invalid } from '../rejection.ts';
import { calciteType, commonType, convert, isNumber, isText, isTime, type SqlType } from '../types.ts';
import type { Construct, Work } from './construct.ts';

/**
 * + - * / % and the sign. A quotient is a decimal, also of whole numbers, and NULL where the divisor is zero, so is a
 * remainder; whole numbers are computed with 64 bits. Times take intervals only: a DATE stays one.
 */
export const arithmetic: Construct<A_Expr> = (fields, node, work) => {
  const operator = textOf(fields.name?.at(-1));
  const { lexpr: left, rexpr: right } = fields;
  if (!right) throw invalid(`Encountered "${operator}".`);
  if (!left) return signed(right, work);
  const [one, other] = [work.of(left), work.of(right)];
  assertApart([one, other], `'${operator}'`, work.dialect.open);
  const meaning = combine([one, other]);
  const dated = datedType(operator, one.type, other.type);
  if (dated === 'DATE') become(node, template('CAST($1 AS date)', [{ ...node }]));
  if (dated) return { ...meaning, type: dated };
  numeric(left, one, operator, other);
  numeric(right, other, operator, one);
  const type = commonType([numberType(one.type), numberType(other.type)]);
  if (operator === '/') {
    become(node, template('CAST($1 AS numeric) / NULLIF(CAST($2 AS numeric), 0)', [left, right]));
    return { ...meaning, type: type === 'DOUBLE' ? 'DOUBLE' : 'DECIMAL' };
  }
  if (operator === '%') become(node, template('$1 % NULLIF($2, 0)', [left, right]));
  else if (type === 'INTEGER') become(left, template('CAST($1 AS int8)', [{ ...left }]));
  return type ? { ...meaning, type } : meaning;
};

function signed(operand: Node, { of }: Work): Meaning {
  const meaning = of(operand);
  convert(operand, meaning.type, numberType(meaning.type));
  const { text: _text, ...rest } = meaning;
  return { ...rest, isUser: false };
}

const numberType = (type: SqlType | undefined): SqlType | undefined => (isText(type) ? 'DECIMAL' : type);

/** The type of a time and an interval, or of two intervals; undefined where numbers are computed. */
function datedType(operator: string, left: SqlType | undefined, right: SqlType | undefined): SqlType | undefined {
  const times = operator === '+' || operator === '-';
  if (times && isTime(left) && right === 'INTERVAL') return left;
  if (operator === '+' && left === 'INTERVAL' && isTime(right)) return right;
  if (times && left === 'INTERVAL' && right === 'INTERVAL') return 'INTERVAL';
  if (operator === '*' && ((left === 'INTERVAL' && isNumber(right)) || (isNumber(left) && right === 'INTERVAL'))) return 'INTERVAL';
  return undefined;
}

function numeric(node: Node, meaning: Meaning, operator: string, other: Meaning): void {
  const { type } = meaning;
  if (type !== undefined && type !== 'NULL' && !isNumber(type) && !isText(type)) {
    const types = `'<${calciteType(type)}> ${operator} <${calciteType(other.type)}>'`;
    throw invalid(`Cannot apply '${operator}' to arguments of type ${types}`);
  }
  convert(node, type, numberType(type));
}
