import type { Node, SelectStmt } from '@pgsql/types';
import { textOf } from '../ast.ts';
import type { DialectContext } from '../dialect.ts';
import { combine, type Meaning } from '../meaning.ts';
import { placeOf, SandboxLacks } from '../rejection.ts';
import type { Scope } from '../scope.ts';
import type { QueryMode } from '../queries/query-work.ts';
import type { QueryShape } from '../shape.ts';
import { arithmetic } from './arithmetic.ts';
import { arrayOfValues, element } from './array.ts';
import { logic, nullTest, truthTest } from './boolean.ts';
import { call } from './call.ts';
import { caseWhen } from './case.ts';
import { cast } from './cast.ts';
import { coalesce } from './coalesce.ts';
import { column } from './column.ts';
import { between, comparison, inList } from './comparison.ts';
import { constant } from './constant.ts';
import type { Construct, Work } from './construct.ts';
import { currentTime } from './current-time.ts';
import { greatestLeast } from './greatest-least.ts';
import { jsonSerialize } from './json-serialize.ts';
import { like } from './like.ts';
import { nullIf } from './nullif.ts';
import { similarTo } from './similar-to.ts';
import { subQuery } from './sub-query.ts';

/** What may stand in an expression, by the name of PostgreSQL's node. */
const CONSTRUCTS: Record<string, Construct<never>> = {
  A_ArrayExpr: arrayOfValues,
  A_Const: constant,
  A_Indirection: element,
  BoolExpr: logic,
  BooleanTest: truthTest,
  CaseExpr: caseWhen,
  CoalesceExpr: coalesce,
  ColumnRef: column,
  FuncCall: call,
  JsonSerializeExpr: jsonSerialize,
  MinMaxExpr: greatestLeast,
  NullTest: nullTest,
  SQLValueFunction: currentTime,
  SubLink: subQuery,
  TypeCast: cast,
};

/** The same for expressions with an operator, by the kind of the expression. */
const OPERATIONS: Record<string, Construct<never>> = {
  AEXPR_BETWEEN: between,
  AEXPR_NOT_BETWEEN: between,
  AEXPR_DISTINCT: comparison,
  AEXPR_NOT_DISTINCT: comparison,
  AEXPR_IN: inList,
  AEXPR_LIKE: like,
  AEXPR_NULLIF: nullIf,
  AEXPR_SIMILAR: similarTo,
};
type SubSelect = (select: SelectStmt, scope: Scope, mode: QueryMode) => QueryShape;

/** Larger ones would keep PostgreSQL planning; nobody writes them by hand. */
const MOST_WEIGHT = 10_000;

const ARITHMETIC = new Set(['+', '-', '*', '/', '%']);

/**
 * Reads expressions and turns them into PostgreSQL's in place, each node once: whoever asks again is told what was found.
 */
export class Translator {
  private readonly found = new WeakMap<Node, Meaning>();
  private readonly sql: string;
  private readonly dialect: DialectContext;
  private readonly subSelect: SubSelect;

  constructor(sql: string, dialect: DialectContext, subSelect: SubSelect) {
    this.sql = sql;
    this.dialect = dialect;
    this.subSelect = subSelect;
  }

  /** @throws SqlRejected for columns and functions that are not there, and for what Amazon refuses */
  read(node: Node | undefined, scope: Scope): Meaning {
    if (!node) return combine([]);
    const known = this.found.get(node);
    if (known) return known;
    const meaning = this.construct(node, scope);
    if (meaning.weight > MOST_WEIGHT) throw new SandboxLacks(`room for an expression of more than ${MOST_WEIGHT} parts`);
    this.found.set(node, meaning);
    return meaning;
  }

  private construct(node: Node, scope: Scope): Meaning {
    const [[kind, fields] = []] = Object.entries(node);
    if (kind === undefined) throw new Error('A node without a kind');
    if (kind === 'SortBy') return this.read((fields as { node?: Node }).node, scope);
    const construct = kind === 'A_Expr' ? operation(fields as never) : CONSTRUCTS[kind];
    if (!construct) throw new SandboxLacks(`the construct ${kind}`);
    const work: Work = {
      scope,
      dialect: this.dialect,
      of: (child) => this.read(child, scope),
      subSelect: (select, mode) => this.subSelect(select, scope, mode),
      at: (location, length) => placeOf(this.sql, location, length),
    };
    return construct(fields as never, node, work);
  }
}

function operation(fields: { kind?: string; name?: Node[] }): Construct<never> | undefined {
  if (fields.kind !== 'AEXPR_OP') return OPERATIONS[fields.kind ?? ''];
  return (ARITHMETIC.has(textOf(fields.name?.at(-1))) ? arithmetic : comparison) as Construct<never>;
}
