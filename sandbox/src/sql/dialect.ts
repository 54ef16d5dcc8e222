import type { Node, SelectStmt } from '@pgsql/types';
import type { ScalarType } from '../tables/table.ts';
import { constantText, expression, functionName, quoteText, sqlOf, visit } from './ast.ts';
import { SqlRejected } from './rejection.ts';

export interface ParameterValue {
  readonly dataType: ScalarType | 'FLOAT' | 'SHORT' | 'BYTE' | 'BINARY' | 'CALENDAR_INTERVAL' | 'ARRAY';
  readonly value: unknown;
}

export interface DialectContext {
  /** UTC, yyyy-MM-dd HH:mm:ss. */
  readonly windowStart: string;
  readonly windowEnd: string;
  readonly now: string;
  /** Declared parameters by their case-sensitive names. */
  readonly parameters: ReadonlyMap<string, ParameterValue>;
}

/** Amazon's type names. DOUBLE becomes numeric too: binary floating point would spoil sums of money by fractions of a cent. */
// prettier-ignore
const TYPE_NAMES: Record<string, string> = {
  long: 'int8', short: 'int2', byte: 'int2', tinyint: 'int2', string: 'text', double: 'numeric', float8: 'numeric', float4: 'numeric',
  float: 'numeric', real: 'numeric',
};

/** Turns what AMC has and PostgreSQL lacks into what PostgreSQL has. Functions that can be functions are (tables/functions.ts). */
export function toPostgres(select: SelectStmt, context: DialectContext): void {
  visit({ SelectStmt: select }, (kind, node) => {
    if (kind === 'FuncCall') return rewriteCall(node as never, context);
    if (kind === 'SQLValueFunction') {
      return expression(String(node.op) === 'SVFOP_CURRENT_DATE' ? `DATE ${quoteText(context.now.slice(0, 10))}` : timestamp(context.now));
    }
    if (kind === 'TypeCast') rewriteRelativeTime(node as never, context);
    if (kind === 'typeName' || kind === 'TypeName') {
      const name = (node.names as Node[] | undefined)?.at(-1);
      const replacement = name && 'String' in name ? TYPE_NAMES[name.String.sval?.toLowerCase() ?? ''] : undefined;
      if (replacement) node.names = [{ String: { sval: replacement } }];
    }
    return undefined;
  });
}

const timestamp = (text: string): string => `CAST(${quoteText(text)} AS timestamp)`;

function rewriteCall(call: { funcname?: Node[]; args?: Node[]; agg_distinct?: boolean }, context: DialectContext): Node | undefined {
  const [first, second, third] = call.args ?? [];
  switch (functionName(call)) {
    case 'built_in_parameter': {
      const name = constantText(first);
      if (name === 'TIME_WINDOW_START') return expression(timestamp(context.windowStart));
      if (name === 'TIME_WINDOW_END') return expression(timestamp(context.windowEnd));
      throw new SqlRejected(`Unknown built-in parameter '${name ?? ''}'`);
    }
    case 'custom_parameter':
      return parameter(constantText(first), context);
    case 'if':
      if (!first || !second || call.args?.length !== 3)
        throw new SqlRejected('Invalid number of arguments to function IF. Was expecting 3 arguments');
      return {
        CaseExpr: { args: [{ CaseWhen: { expr: first, result: second } }], ...(third && { defresult: third }) },
      };
    case 'collect':
      call.funcname = [{ String: { sval: 'array_agg' } }];
      return undefined;
    case 'truncate':
      call.funcname = [{ String: { sval: 'trunc' } }];
      return undefined;
    case 'named_row': {
      // name, value, name, value: the names are dropped, the values compare and sort in order, as Amazon's rows do.
      const values = (call.args ?? []).filter((_, index) => index % 2 === 1);
      return { FuncCall: { funcname: [{ String: { sval: 'jsonb_build_array' } }], args: values, funcformat: 'COERCE_EXPLICIT_CALL' } };
    }
    default:
      return undefined;
  }
}

// prettier-ignore
const PARAMETER_TYPES: Record<string, string> = {
  STRING: 'text', LONG: 'int8', INTEGER: 'int4', SHORT: 'int2', BYTE: 'int2', DOUBLE: 'numeric', FLOAT: 'numeric', DECIMAL: 'numeric',
  BOOLEAN: 'bool', DATE: 'date', TIMESTAMP: 'timestamp',
};

function parameter(name: string | undefined, context: DialectContext): Node {
  const declared = context.parameters.get(name ?? '');
  if (!declared) throw new SqlRejected(`Failed to parse the query: parameter '${name ?? ''}' is not declared in inputParameters`);
  if (declared.dataType === 'ARRAY') {
    const items = (Array.isArray(declared.value) ? declared.value : String(declared.value ?? '').split(',')).map((item) =>
      quoteText(String(item).trim()),
    );
    return expression(`ARRAY[${items.join(', ')}]::text[]`);
  }
  return expression(`CAST(${quoteText(String(declared.value))} AS ${PARAMETER_TYPES[declared.dataType] ?? 'text'})`);
}

/** CAST('today' AS DATE) is Amazon's way to ask for the date, which here is the sandbox's, not the machine's. */
function rewriteRelativeTime(cast: { arg?: Node }, context: DialectContext): void {
  const shift = { now: 0, today: 0, yesterday: -1, tomorrow: 1 }[constantText(cast.arg)?.trim().toLowerCase() ?? ''];
  if (shift === undefined) return;
  const isNow = constantText(cast.arg)?.trim().toLowerCase() === 'now';
  const moment = new Date(Date.parse(`${context.now.replace(' ', 'T')}Z`) + shift * 86_400_000).toISOString();
  cast.arg = { A_Const: { sval: { sval: isNow ? moment.slice(0, 19).replace('T', ' ') : moment.slice(0, 10) } } };
}

/** The text of a call's arguments, for EXTEND_TIME_WINDOW('table', 'P14D', 'P1D'). */
export function extendedWindow(call: Node): { table: string; before: string; after: string } | undefined {
  if (!('FuncCall' in call) || functionName(call.FuncCall) !== 'extend_time_window') return undefined;
  const [table, before, after] = (call.FuncCall.args ?? []).map(constantText);
  if (!table || !isDuration(before) || !isDuration(after)) throw new SqlRejected(`Invalid arguments to EXTEND_TIME_WINDOW: ${sqlOf(call)}`);
  return { table: table.toLowerCase(), before, after };
}

const isDuration = (text: string | undefined): text is string => /^P(?=\d|T\d)(\d+D)?(T(\d+H)?(\d+M)?(\d+S)?)?$/.test(text ?? '');
