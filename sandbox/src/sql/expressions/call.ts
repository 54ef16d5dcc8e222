import type { FuncCall, Node } from '@pgsql/types';
import { become, functionName, template, textOf } from '../ast.ts';
import { FUNCTIONS } from '../functions/all.ts';
import type { AmcFunction, Call, ParameterKind } from '../functions/define.ts';
import { combine, type Meaning } from '../meaning.ts';
import { assertApart } from '../privacy/guard.ts';
import { invalid, SqlRejected } from '../rejection.ts';
import { calciteType, convert, isArray, isNumber, isText, isTime, type SqlType } from '../types.ts';
import { unknownFunction } from '../functions/unknown.ts';
import { aggregate } from './aggregate.ts';
import type { Construct, Work } from './construct.ts';
import type { ReadCall } from './read-call.ts';
import { windowed } from './window.ts';

/** A call of one of Amazon's functions. */
export const call: Construct<FuncCall> = (fields, node, work) => {
  const name = functionName(fields);
  const known = FUNCTIONS.get(name);
  const standard = fields.funcformat === 'COERCE_SQL_SYNTAX' && (fields.funcname?.length ?? 0) === 2;
  // POSITION(a IN b) is parsed with its arguments in the other order.
  if (standard && name === 'position') fields.args?.reverse();
  const nodes = fields.args ?? [];
  const parts = nodes.map(work.of);
  const types = parts.map((part) => part.type);
  if (!known || ((fields.funcname?.length ?? 0) > 1 && !standard)) throw unknownFunction(name, work.at(fields.location, name.length));
  assertCount(known, nodes.length, fields);
  nodes.forEach((argument, index) => fit(argument, types[index], kindAt(known, index), known, types));
  const call: Call = { types, texts: parts.map((part) => part.text), dialect: work.dialect };
  const type = typeof known.gives === 'function' ? known.gives(call) : known.gives;
  const read: ReadCall = { fields, nodes, parts, known, type };
  const meaning = fields.over ? windowed(read, work) : known.kind === 'aggregate' ? aggregate(read, work) : scalar(read, work);
  const sql = typeof known.sql === 'function' ? known.sql(call) : known.sql;
  translate(fields, node, nodes, sql);
  const text = known.text?.(call);
  return { ...meaning, weight: weightOf(sql, parts), ...(type && { type }), ...(text !== undefined && { text }) };
};

function scalar({ parts, known, fields }: ReadCall, work: Work): Meaning {
  if (known.kind === 'window') throw invalid(`OVER clause is necessary for window functions: ${known.name}`);
  if (fields.agg_distinct || fields.agg_filter || fields.agg_star || fields.agg_order?.length)
    throw invalid(`${known.name} is no aggregate function`);
  const values = parts.filter((_, index) => !['whole', 'part'].includes(kindAt(known, index)));
  if (!known.sideBySide) assertApart(values, known.name, work.dialect.open);
  const all = combine(parts);
  // What depends on no column stands in the query as good as written: E(), the window's start.
  return { ...all, literal: values.some((part) => part.literal) || all.relations.size === 0 };
}

const kindAt = (known: AmcFunction, index: number): ParameterKind =>
  known.takes[index] ?? (known.variadic ? known.takes.at(-1) : undefined) ?? 'any';

function assertCount(known: AmcFunction, count: number, fields: FuncCall): void {
  const most = known.variadic ? Infinity : known.takes.length;
  const least = known.takes.length - (known.optional ?? 0);
  if (fields.agg_star ? known.name === 'COUNT' : count >= least && count <= most) return;
  const wanted = least === most ? String(least) : most === Infinity ? `at least ${least}` : `${least} to ${most}`;
  throw new SqlRejected(`Invalid number of arguments to function ${known.name}. Was expecting ${wanted} arguments`);
}

// prettier-ignore
const FITS: Record<ParameterKind, (type: SqlType) => boolean> = {
  any: () => true, binary: (type) => type === 'BINARY', part: isText, pattern: isText, array: isArray, boolean: (type) => type === 'BOOLEAN' || isText(type), sum: isNumber,
  number: (type) => isNumber(type) || isText(type), whole: (type) => isNumber(type) || isText(type),
  text: (type) => !isArray(type) && type !== 'ROW' && type !== 'MAP', time: (type) => isTime(type) || isText(type),
};
// prettier-ignore
const BECOMES: Partial<Record<ParameterKind, SqlType>> = { text: 'STRING', boolean: 'BOOLEAN', number: 'DECIMAL', whole: 'DECIMAL' };

/** Brings an argument to what the function takes. @throws SqlRejected in Calcite's words */
function fit(
  node: Node,
  type: SqlType | undefined,
  kind: ParameterKind,
  known: AmcFunction,
  types: readonly (SqlType | undefined)[],
): void {
  if (type !== undefined && type !== 'NULL' && !FITS[kind](type)) {
    const given = types.map((one) => `<${calciteType(one)}>`).join(', ');
    throw invalid(`Cannot apply '${known.name}' to arguments of type '${known.name}(${given})'`);
  }
  convert(node, type, kind === 'time' && isText(type) ? 'TIMESTAMP' : BECOMES[kind]);
  // With whole numbers PostgreSQL would compute in binary floating point.
  if (kind === 'number' && (type === 'INTEGER' || type === 'LONG')) become(node, template('CAST($1 AS numeric)', [{ ...node }]));
  if (kind === 'whole') become(node, template('CAST($1 AS int4)', [{ ...node }]));
}

/** PostgreSQL's form of the call; what belongs to an aggregate or a window stays with the one call in it. */
function translate(fields: FuncCall, node: Node, nodes: readonly Node[], sql: string): void {
  const { over, agg_distinct, agg_filter, agg_star } = fields;
  const translated = template(sql, nodes);
  become(node, translated);
  const inner = 'FuncCall' in translated ? translated.FuncCall : 'TypeCast' in translated ? innerCall(translated.TypeCast.arg) : undefined;
  if (!over && !agg_distinct && !agg_filter && !agg_star) return;
  if (!inner) throw new Error(`The SQL of ${textOf(fields.funcname?.at(-1))} is no call: ${sql}`);
  Object.assign(inner, {
    ...(over && { over }),
    ...(agg_distinct && { agg_distinct }),
    ...(agg_filter && { agg_filter }),
    ...(agg_star && { agg_star }),
  });
}

const innerCall = (node: Node | undefined): FuncCall | undefined => (node && 'FuncCall' in node ? node.FuncCall : undefined);

/** What stands twice in the SQL weighs twice. */
const weightOf = (sql: string, parts: readonly Meaning[]): number =>
  parts.reduce((sum, part, index) => sum + part.weight * Math.max(1, sql.split(new RegExp(`\\$${index + 1}(?!\\d)`)).length - 1), 1);
