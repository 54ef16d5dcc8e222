import type { Node, TypeCast } from '@pgsql/types';
import { become, constantText, template, textOf } from '../ast.ts';
import type { DialectContext } from '../dialect.ts';
import { LITERAL, typed } from '../meaning.ts';
import { assertApart } from '../privacy/guard.ts';
import { invalid } from '../rejection.ts';
import { calciteType, convert, isNumber, isText, postgresType, tolerantCast, type SqlType } from '../types.ts';
import type { Construct } from './construct.ts';

/** Amazon's and PostgreSQL's names of types. */
// prettier-ignore
const TYPES: Record<string, SqlType> = {
  tinyint: 'INTEGER', byte: 'INTEGER', int2: 'INTEGER', short: 'INTEGER', smallint: 'INTEGER', int4: 'INTEGER', int: 'INTEGER', integer: 'INTEGER',
  int8: 'LONG', bigint: 'LONG', long: 'LONG', numeric: 'DECIMAL', decimal: 'DECIMAL', double: 'DOUBLE', float8: 'DOUBLE', float4: 'DOUBLE',
  float: 'DOUBLE', real: 'DOUBLE', text: 'STRING', varchar: 'STRING', bpchar: 'STRING', char: 'STRING', string: 'STRING', bool: 'BOOLEAN',
  boolean: 'BOOLEAN', date: 'DATE', timestamp: 'TIMESTAMP', interval: 'INTERVAL',
};
export const TYPE_NAMES: ReadonlySet<string> = new Set(Object.keys(TYPES));

/** CAST, and constants such as DATE '2026-01-31' and INTERVAL '7' DAY. Fractions are cut off, not rounded, as Java does. */
export const cast: Construct<TypeCast> = (fields, node, work) => {
  const { arg, typeName } = fields;
  const name = textOf(typeName?.names?.at(-1)).toLowerCase();
  const to = TYPES[name];
  if (!arg || !to || !typeName) throw invalid(`Unknown datatype name '${name.toUpperCase()}'`);
  if (!typeName.typmods?.length || isNumber(to)) typeName.names = [{ String: { sval: postgresType(to) } }];
  const moved = relativeTime(arg, work.dialect);
  if (moved) fields.arg = moved;
  const from = work.of(arg);
  assertConvertible(from.type, to);
  assertLiteral(constantText(fields.arg), to);
  // A truth value of a number or a text is a comparison with zero or with a word.
  if (to === 'BOOLEAN') assertApart([from, LITERAL], 'a truth value', work.dialect.open);
  const meaning = typed(from, to);
  if (from.type === 'STRING' && constantText(arg) === undefined) {
    const tolerant = tolerantCast(to);
    if (tolerant) fields.arg = template(tolerant, [arg]);
  } else if ((to === 'INTEGER' || to === 'LONG') && (from.type === 'DECIMAL' || from.type === 'DOUBLE')) {
    fields.arg = template('trunc($1)', [arg]);
  } else if (to === 'BOOLEAN' && isNumber(from.type)) {
    become(node, template('$1 <> 0', [arg]));
  } else if (to === 'STRING' && from.type === 'BOOLEAN') {
    convert(arg, 'BOOLEAN', 'STRING');
  } else if (isNumber(to) && from.type === 'BOOLEAN') {
    fields.arg = template('CAST($1 AS int4)', [arg]);
  }
  if (!isText(to)) return { ...meaning, isUser: false };
  return from.text === undefined ? meaning : { ...meaning, text: from.text };
};

/** Words that PostgreSQL takes for numbers and times, and nobody else. */
function assertLiteral(text: string | undefined, to: SqlType): void {
  if (text === undefined) return;
  const good = isNumber(to) ? !/[a-df-z]/i.test(text) : !TIMES.includes(to) || /^\s*\d{4}-\d/.test(text);
  if (!good) throw invalid(`Invalid literal '${text}'`);
}

const TIMES: readonly SqlType[] = ['DATE', 'TIMESTAMP'];

function assertConvertible(from: SqlType | undefined, to: SqlType): void {
  if (from === undefined || from === 'NULL' || isText(from) || isText(to) || from === to) return;
  const numbers = (type: SqlType): boolean => isNumber(type) || type === 'BOOLEAN';
  if ((numbers(from) && numbers(to)) || (TIMES.includes(from) && TIMES.includes(to))) return;
  throw invalid(`Cast function cannot convert value of type ${calciteType(from)} to type ${calciteType(to)}`);
}

/** CAST('today' AS DATE) is Amazon's way to ask for the date, which here is the sandbox's, not the machine's. */
function relativeTime(arg: Node, { now }: DialectContext): Node | undefined {
  const word = constantText(arg)?.trim().toLowerCase() ?? '';
  const shift = { now: 0, today: 0, yesterday: -1, tomorrow: 1 }[word];
  if (shift === undefined) return undefined;
  const moment = new Date(Date.parse(`${now.replace(' ', 'T')}Z`) + shift * 86_400_000).toISOString();
  return { A_Const: { sval: { sval: word === 'now' ? moment.slice(0, 19).replace('T', ' ') : moment.slice(0, 10) } } };
}
