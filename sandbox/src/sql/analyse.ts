import type { FuncCall, Node, SelectStmt } from '@pgsql/types';
import type { ScalarType } from '../tables/table.ts';
import { AGGREGATES } from './allowed.ts';
import { functionName, textOf } from './ast.ts';
import { SqlRejected } from './rejection.ts';
import type { ColumnInfo, Relation, Scope } from './scope.ts';

/** What an expression is made of. */
export interface Meaning extends Omit<ColumnInfo, 'name'> {
  readonly relations: ReadonlySet<Relation>;
  /** Outermost aggregate calls in it. */
  readonly aggregates: readonly FuncCall[];
  /** Holds no column at all. */
  readonly literal: boolean;
}

export type SubSelect = (select: SelectStmt, scope: Scope) => readonly ColumnInfo[];

const LITERAL: Meaning = { needed: 0, guarded: false, isUser: false, metric: false, relations: new Set(), aggregates: [], literal: true };

export const isAggregate = (call: FuncCall): boolean => AGGREGATES.has(functionName(call)) && !call.over;

/** Resolves the columns of an expression and says what it is. @throws SqlRejected for columns that are not there */
export function analyse(node: Node | undefined, scope: Scope, subSelect: SubSelect): Meaning {
  if (!node) return LITERAL;
  const inner = (child: Node | undefined): Meaning => analyse(child, scope, subSelect);
  if ('ColumnRef' in node) return columnMeaning(node, scope);
  if ('FuncCall' in node) return callMeaning(node.FuncCall, inner);
  if ('SubLink' in node) {
    const select = node.SubLink.subselect;
    const columns = select && 'SelectStmt' in select ? subSelect(select.SelectStmt, scope) : [];
    const test = inner(node.SubLink.testexpr);
    if (node.SubLink.subLinkType !== 'EXPR_SUBLINK')
      return { ...LITERAL, needed: Math.min(test.needed, 2), relations: test.relations, literal: false };
    const [column] = columns;
    return { ...LITERAL, needed: column?.needed ?? 0, guarded: column?.guarded ?? false, literal: false };
  }
  // Whether something is there tells less than what it is.
  if ('NullTest' in node) {
    const tested = inner(node.NullTest.arg);
    return { ...tested, needed: Math.min(tested.needed, 2), guarded: false, isUser: false, type: 'BOOLEAN' };
  }
  if ('TypeCast' in node) {
    return typed(inner(node.TypeCast.arg), CAST_TYPES[textOf(node.TypeCast.typeName?.names?.at(-1))]);
  }
  if ('CoalesceExpr' in node) {
    const parts = (node.CoalesceExpr.args ?? []).map(inner);
    return { ...combine(parts), isUser: parts.length > 0 && parts.every((part) => part.isUser) };
  }
  if ('A_Expr' in node) assertNoLiteralComparison(node.A_Expr, inner);
  return combine(childrenOf(node).map(inner));
}

// prettier-ignore
const CAST_TYPES: Record<string, ScalarType> = {
  int2: 'INTEGER', int4: 'INTEGER', int8: 'LONG', text: 'STRING', varchar: 'STRING', bpchar: 'STRING', bool: 'BOOLEAN', date: 'DATE',
  timestamp: 'TIMESTAMP',
};

/** The meaning with another type, or with none. */
function typed(meaning: Meaning, type: ScalarType | undefined): Meaning {
  const untyped = { ...meaning };
  delete (untyped as { type?: ScalarType }).type;
  return type ? { ...untyped, type } : untyped;
}

function columnMeaning(node: Node & { ColumnRef: { fields?: Node[]; location?: number } }, scope: Scope): Meaning {
  const names = (node.ColumnRef.fields ?? []).map(textOf);
  const name = names.at(-1) ?? '';
  const table = names.length > 1 ? names.at(-2) : undefined;
  const found = scope.find(table, name);
  if (!found || name.startsWith('amc_user')) throw scope.missing(table, name, node.ColumnRef.location);
  const { needed, guarded, isUser, metric, type } = found.column;
  return typed({ needed, guarded, isUser, metric, relations: new Set(found.relations), aggregates: [], literal: false }, type);
}

function callMeaning(call: FuncCall, inner: (node: Node | undefined) => Meaning): Meaning {
  const window = call.over;
  const parts = [
    ...(call.args ?? []),
    call.agg_filter,
    ...(call.agg_order ?? []),
    ...(window?.partitionClause ?? []),
    ...(window?.orderClause ?? []),
  ]
    .filter((part) => part !== undefined)
    .map(inner);
  const all = combine(parts);
  if (window) return windowMeaning(call, (call.args ?? []).map(inner), all);
  if (!isAggregate(call)) return { ...all, literal: all.literal && (call.args?.length ?? 0) > 0, isUser: false };
  if (all.aggregates.length > 0) throw new SqlRejected('SQL query was invalid. Aggregate expressions cannot be nested');
  const name = functionName(call);
  const count = name === 'count';
  const first = parts[0];
  const type = count ? 'LONG' : sumType(name, first?.type);
  // Counting reveals nothing of the value counted; every other aggregate may be the value itself.
  return {
    needed: count ? 1 : Math.max(1, all.needed),
    guarded: count ? false : all.guarded,
    isUser: false,
    // Amazon itself calls a count of distinct users a dimension (reference/amc.md §3.3): it must not be summed.
    metric: !(count && call.agg_distinct),
    relations: all.relations,
    aggregates: [call],
    literal: false,
    ...(type && { type }),
  };
}

/** A rank or a count over a window tells nothing of what it was partitioned and ordered by; other functions give a value of their arguments. */
function windowMeaning(call: FuncCall, args: readonly Meaning[], all: Meaning): Meaning {
  const value = combine(args);
  const counts = functionName(call) === 'count' || args.length === 0 || functionName(call) === 'ntile';
  return {
    ...all,
    needed: counts ? 1 : value.needed,
    guarded: counts ? false : value.guarded,
    isUser: false,
    metric: false,
    literal: false,
  };
}

function sumType(name: string, type: ScalarType | undefined): ScalarType | undefined {
  if (name === 'avg') return 'DECIMAL';
  if (name === 'sum' && type === 'INTEGER') return 'LONG';
  return name === 'sum' || name === 'min' || name === 'max' ? type : undefined;
}

/** Strictest of the parts; what it is called and typed is no longer known. */
function combine(parts: readonly Meaning[]): Meaning {
  if (parts.length === 0) return LITERAL;
  return {
    needed: Math.max(...parts.map((part) => part.needed)),
    guarded: parts.some((part) => part.guarded),
    isUser: false,
    metric: parts.some((part) => part.metric),
    relations: new Set(parts.flatMap((part) => [...part.relations])),
    aggregates: parts.flatMap((part) => part.aggregates),
    literal: parts.every((part) => part.literal),
  };
}

function assertNoLiteralComparison(
  node: { kind?: string; lexpr?: Node; rexpr?: Node; name?: Node[] },
  inner: (node: Node | undefined) => Meaning,
): void {
  const operator = textOf(node.name?.at(-1));
  if (node.kind === 'AEXPR_OP' && !['=', '<>', '<', '>', '<=', '>='].includes(operator)) return;
  if (node.kind === 'AEXPR_NULLIF') return;
  const left = inner(node.lexpr);
  const right = inner(node.rexpr);
  if ((left.guarded && right.literal) || (right.guarded && left.literal)) {
    throw new SqlRejected('Columns with aggregation threshold HIGH or VERY_HIGH cannot be compared with literal values');
  }
}

/** The expressions directly below a node, wherever its fields keep them. */
function childrenOf(value: unknown): Node[] {
  if (Array.isArray(value)) return value.flatMap(childrenOf);
  if (value === null || typeof value !== 'object') return [];
  return Object.values(value).flatMap((fields) =>
    fields !== null && typeof fields === 'object' && !Array.isArray(fields)
      ? Object.entries(fields).flatMap(([name, child]) => (name === 'typeName' ? [] : nodesOf(child)))
      : nodesOf(fields),
  );
}

function nodesOf(value: unknown): Node[] {
  if (Array.isArray(value)) return value.flatMap(nodesOf);
  if (value === null || typeof value !== 'object') return [];
  const keys = Object.keys(value);
  return keys.length === 1 && /^[A-Z]/.test(keys[0] ?? '') ? [value as Node] : [];
}
