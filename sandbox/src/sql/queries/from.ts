import type { JoinExpr, Node, RangeVar } from '@pgsql/types';
import { VIEW_SCHEMA } from '../../tables/views.ts';
import { textOf } from '../ast.ts';
import type { Meaning } from '../meaning.ts';
import { assertComparable } from '../privacy/guard.ts';
import { invalid, placeOf, SandboxLacks } from '../rejection.ts';
import type { Relation, Scope } from '../scope.ts';
import { baseRelation, relationOf, renamed } from '../shape.ts';
import { columnOf } from '../target.ts';
import { elementOf } from '../types.ts';
import { addExtendedWindow } from './extended-window.ts';
import { asked } from './asked.ts';
import { missingTable } from './missing-table.ts';
import type { Ctes, QueryWork } from './query-work.ts';
import { joinPersons } from './same-person.ts';

/** Brings what stands in FROM into the scope: tables, CTEs, joins, sub-queries, table functions. */
export function addFrom(item: Node, scope: Scope, ctes: Ctes, work: QueryWork): void {
  if ('RangeVar' in item) return scope.add(table(item.RangeVar, ctes, work));
  if ('JoinExpr' in item) return join(item.JoinExpr, scope, ctes, work);
  if ('RangeSubselect' in item) {
    const query = item.RangeSubselect.subquery;
    if (item.RangeSubselect.lateral) throw new SandboxLacks('LATERAL');
    if (!query || !('SelectStmt' in query)) throw invalid('Unsupported construct in FROM');
    const shape = work.query(query.SelectStmt, ctes, undefined, 'rows');
    item.RangeSubselect.alias ??= { aliasname: work.freshAlias() };
    const alias = item.RangeSubselect.alias;
    return scope.add(relationOf(alias.aliasname ?? '', renamed(shape, (alias.colnames ?? []).map(textOf))));
  }
  if ('RangeFunction' in item) return tableFunction(item, scope, ctes, work);
  throw invalid('Unsupported construct in FROM');
}

function join(fields: JoinExpr, scope: Scope, ctes: Ctes, work: QueryWork): void {
  if (fields.alias) throw new SandboxLacks('an alias of a join');
  const first = scope.relations.length;
  if (fields.larg) addFrom(fields.larg, scope, ctes, work);
  const left = scope.relations.length;
  if (fields.rarg) addFrom(fields.rarg, scope, ctes, work);
  const sides = [scope.relations.slice(first, left), scope.relations.slice(left)];
  for (const relation of optionalSides(fields, sides)) relation.optional = true;
  for (const name of (fields.usingClause ?? []).map(textOf)) {
    scope.merged.add(name);
    const columns = sides.map((side) => side.map((relation) => relation.columns.get(name)).find((column) => column !== undefined));
    const merged = columns.map((column): Meaning => {
      if (!column) throw scope.missing(undefined, name, undefined);
      return { ...column, relations: new Set(), aggregates: [] };
    });
    scope.conditions.push(...merged.map((column) => column.needed));
    assertComparable(merged, work.open);
    const [one, other] = sides.map((side) => side.find((relation) => relation.columns.get(name)?.type === 'USER'));
    if (one && other) scope.joinPersons(one, other);
  }
  if (!fields.quals) return;
  scope.conditions.push(asked(fields.quals, scope, (node) => work.read(node, scope, ctes)).needed);
  joinPersons(fields.quals, scope);
}

const optionalSides = ({ jointype }: JoinExpr, [left = [], right = []]: Relation[][]): Relation[] =>
  jointype === 'JOIN_LEFT' ? right : jointype === 'JOIN_FULL' ? [...left, ...right] : [];

function table(range: RangeVar, ctes: Ctes, work: QueryWork): Relation {
  const name = range.relname ?? '';
  const alias = range.alias?.aliasname ?? name;
  const cte = range.schemaname ? undefined : ctes.get(name);
  if (cte) return relationOf(alias, renamed(cte, (range.alias?.colnames ?? []).map(textOf)));
  const found = work.tables.get(name);
  // `sandbox.` is how Amazon's own sandbox instances name their synthetic tables (inputSchema).
  const known = range.schemaname === undefined || range.schemaname === 'sandbox';
  if (!found || !known || range.catalogname || range.alias?.colnames?.length) {
    throw missingTable(name, placeOf(work.sql, range.location, name.length));
  }
  range.schemaname = VIEW_SCHEMA;
  range.alias = { aliasname: alias };
  return baseRelation(alias, found);
}

function tableFunction(item: Extract<Node, { RangeFunction: unknown }>, scope: Scope, ctes: Ctes, work: QueryWork): void {
  const range = item.RangeFunction;
  const [list] = range.functions ?? [];
  const call = list && 'List' in list ? list.List.items?.[0] : undefined;
  if (!call || !('FuncCall' in call) || (range.functions?.length ?? 0) > 1 || range.ordinality || range.coldeflist?.length) {
    throw new SandboxLacks('this table function');
  }
  if (addExtendedWindow(call, item, scope, work)) return;
  const name = textOf(call.FuncCall.funcname?.at(-1));
  if (name !== 'unnest' && name !== 'explode') throw invalid(`${name.toUpperCase()} is no table function`);
  const [array] = call.FuncCall.args ?? [];
  const meaning = work.read(array, scope, ctes);
  call.FuncCall.funcname = [{ String: { sval: 'unnest' } }];
  const type = elementOf(meaning.type);
  const alias = range.alias?.aliasname ?? name;
  const column = textOf(range.alias?.colnames?.[0]) || alias;
  range.alias = { aliasname: alias, colnames: [{ String: { sval: column } }] };
  const tables = [...new Set([...meaning.relations].flatMap((relation) => relation.tables))];
  const { type: _array, ...rest } = meaning;
  scope.add({ alias, columns: new Map([[column, columnOf(column, type ? { ...rest, type } : rest)]]), persons: [], tables });
}
