import type { Node, RangeVar, SelectStmt } from '@pgsql/types';
import type { AmcTable } from '../tables/table.ts';
import { EXTENDED_PREFIX, VIEW_SCHEMA } from '../tables/views.ts';
import { analyse, type Meaning } from './analyse.ts';
import { expression, quoteName, selectOf, sqlOf, textOf } from './ast.ts';
import { extendedWindow } from './dialect.ts';
import { placeOf, SqlRejected } from './rejection.ts';
import { COUNT_COLUMN, Scope, USER_COLUMN, type Relation } from './scope.ts';
import { baseRelation, merged, relationOf, renamed, wider, type QueryShape } from './shape.ts';
import { columnOf, groupKeys, outputName, targetOf, type Target } from './target.ts';
import { usersOfAggregate, usersOfRow } from './user-count.ts';

type Ctes = ReadonlyMap<string, QueryShape>;

/** Resolves every name of a query against an instance's tables, and makes every sub-query carry the people behind its rows. */
export class Resolver {
  /** Widest window asked for each table by EXTEND_TIME_WINDOW. */
  readonly extended = new Map<string, { before: string; after: string }>();
  aggregates = 0;
  private readonly sql: string;
  private readonly tables: ReadonlyMap<string, AmcTable>;
  private aliases = 0;

  constructor(sql: string, tables: ReadonlyMap<string, AmcTable>) {
    this.sql = sql;
    this.tables = tables;
  }

  /** The CTEs of a statement, by name; each is resolved with those before it in sight. */
  ctes(select: SelectStmt, outer: Ctes = new Map()): Ctes {
    const known = new Map(outer);
    for (const node of select.withClause?.ctes ?? []) {
      if (!('CommonTableExpr' in node)) continue;
      const cte = node.CommonTableExpr;
      const query = cte.ctequery;
      if (!query || !('SelectStmt' in query)) throw new SqlRejected('SQL query was invalid. WITH may hold only SELECT');
      const shape = this.query(query.SelectStmt, known, undefined, true);
      known.set(cte.ctename ?? '', renamed(shape, (cte.aliascolnames ?? []).map(textOf)));
    }
    return known;
  }

  /**
   * @param hidden whether the query gets the two hidden columns appended (not so in IN, EXISTS and scalar sub-queries,
   * where they would change the meaning)
   */
  query(select: SelectStmt, outer: Ctes, parent: Scope | undefined, hidden: boolean): QueryShape {
    this.assertPlain(select);
    const ctes = this.ctes(select, outer);
    if (select.op && select.op !== 'SETOP_NONE') return this.union(select, ctes, parent, hidden);
    const scope = new Scope(this.sql, parent);
    for (const item of select.fromClause ?? []) this.from(item, scope, ctes);
    return this.single(select, scope, ctes, hidden);
  }

  private assertPlain(select: SelectStmt): void {
    const refuse = (what: string): never => {
      throw new SqlRejected(`SQL query was invalid. ${what} is not supported.`);
    };
    if (select.limitCount || select.limitOffset) refuse('LIMIT');
    if (select.sortClause?.length) refuse('ORDER BY outside of window functions');
    if (select.lockingClause?.length) refuse('FOR UPDATE');
    if (select.intoClause) refuse('SELECT INTO');
    if (select.valuesLists?.length) refuse('VALUES');
    if (select.distinctClause?.some((node) => Object.keys(node).length > 0)) refuse('DISTINCT ON');
    if (select.op === 'SETOP_INTERSECT' || select.op === 'SETOP_EXCEPT') refuse(select.op.slice(6));
  }

  private union(select: SelectStmt, ctes: Ctes, parent: Scope | undefined, hidden: boolean): QueryShape {
    if (!select.larg || !select.rarg) throw new SqlRejected('SQL query was invalid.');
    const left = this.query(select.larg, ctes, parent, hidden);
    const right = this.query(select.rarg, ctes, parent, hidden);
    if (left.columns.length !== right.columns.length) {
      throw new SqlRejected('SQL query was invalid. Column count mismatch in UNION ALL');
    }
    const shape = merged(left, right);
    if (!select.all && hidden) this.distinctRows(select, shape);
    return shape;
  }

  /** UNION without ALL: the hidden columns must not keep equal rows apart, so equal rows become groups. */
  private distinctRows(select: SelectStmt, shape: QueryShape): void {
    const names = shape.columns.map((_, index) => `c${index + 1}`);
    const user = shape.columns.findIndex((column) => column.isUser);
    const people = shape.hasCount ? `GREATEST(COUNT(DISTINCT ${USER_COLUMN}), MAX(${COUNT_COLUMN}))` : `COUNT(DISTINCT ${USER_COLUMN})`;
    const { withClause, ...rest } = select;
    const body = sqlOf({ SelectStmt: { ...rest, all: true } });
    const wrapped = selectOf(
      `SELECT ${names.map((name, index) => `${name} AS ${quoteName(shape.columns[index]?.name ?? name)}`).join(', ')},
         ${user >= 0 ? names[user] : 'CAST(NULL AS bigint)'} AS ${USER_COLUMN}, CAST(${user >= 0 ? 'NULL' : people} AS bigint) AS ${COUNT_COLUMN}
       FROM (${body}) AS amc_union(${names.join(', ')}, ${USER_COLUMN}, ${COUNT_COLUMN}) GROUP BY ${names.join(', ')}`,
    );
    for (const key of Object.keys(select)) delete (select as Record<string, unknown>)[key];
    Object.assign(select, wrapped, withClause && { withClause });
  }

  private from(item: Node, scope: Scope, ctes: Ctes): void {
    if ('RangeVar' in item) return scope.add(this.table(item.RangeVar, ctes));
    if ('JoinExpr' in item) {
      const join = item.JoinExpr;
      if (join.alias) throw new SqlRejected('SQL query was invalid. An alias of a join is not supported');
      if (join.larg) this.from(join.larg, scope, ctes);
      if (join.rarg) this.from(join.rarg, scope, ctes);
      for (const name of (join.usingClause ?? []).map(textOf)) {
        if (!scope.find(undefined, name) && !scope.merged.has(name)) throw scope.missing(undefined, name, undefined);
        scope.merged.add(name);
      }
      if (join.quals) this.meaning(join.quals, scope, ctes);
      return;
    }
    if ('RangeSubselect' in item) {
      const query = item.RangeSubselect.subquery;
      if (item.RangeSubselect.lateral || !query || !('SelectStmt' in query))
        throw new SqlRejected('SQL query was invalid. LATERAL is not supported.');
      const shape = this.query(query.SelectStmt, ctes, undefined, true);
      item.RangeSubselect.alias ??= { aliasname: `amc_sub${++this.aliases}` };
      const alias = item.RangeSubselect.alias;
      return scope.add(relationOf(alias.aliasname ?? '', renamed(shape, (alias.colnames ?? []).map(textOf))));
    }
    if ('RangeFunction' in item) return this.tableFunction(item, scope, ctes);
    throw new SqlRejected('SQL query was invalid. Unsupported construct in FROM');
  }

  private table(range: RangeVar, ctes: Ctes): Relation {
    const name = range.relname ?? '';
    const alias = range.alias?.aliasname ?? name;
    const cte = range.schemaname ? undefined : ctes.get(name);
    if (cte) return relationOf(alias, renamed(cte, (range.alias?.colnames ?? []).map(textOf)));
    const table = this.tables.get(name);
    // `sandbox.` is how Amazon's own sandbox instances name their synthetic tables (inputSchema).
    const known = range.schemaname === undefined || range.schemaname === 'sandbox';
    if (!table || !known || range.catalogname || range.alias?.colnames?.length) {
      throw new SqlRejected(`SQL query was invalid. ${placeOf(this.sql, range.location, name.length)}: Object '${name}' not found`);
    }
    range.schemaname = VIEW_SCHEMA;
    range.alias = { aliasname: alias };
    return baseRelation(alias, table);
  }

  private tableFunction(item: Extract<Node, { RangeFunction: unknown }>, scope: Scope, ctes: Ctes): void {
    const range = item.RangeFunction;
    const [list] = range.functions ?? [];
    const call = list && 'List' in list ? list.List.items?.[0] : undefined;
    if (!call || !('FuncCall' in call) || (range.functions?.length ?? 0) > 1 || range.ordinality || range.coldeflist?.length) {
      throw new SqlRejected('SQL query was invalid. Unsupported table function');
    }
    const extended = extendedWindow(call);
    if (extended) {
      const table = this.tables.get(extended.table);
      if (!table) throw new SqlRejected(`SQL query was invalid. Object '${extended.table}' not found`);
      const previous = this.extended.get(table.name);
      this.extended.set(table.name, { before: wider(previous?.before, extended.before), after: wider(previous?.after, extended.after) });
      const alias = range.alias?.aliasname ?? table.name;
      const node = item as unknown as Record<string, unknown>;
      delete node.RangeFunction;
      node.RangeVar = {
        schemaname: VIEW_SCHEMA,
        relname: EXTENDED_PREFIX + table.name,
        inh: true,
        relpersistence: 'p',
        alias: { aliasname: alias },
      };
      return scope.add(baseRelation(alias, table));
    }
    const functionText = textOf(call.FuncCall.funcname?.at(-1));
    if (functionText !== 'unnest') throw new SqlRejected(`SQL query was invalid. ${functionText.toUpperCase()} is no table function`);
    const meaning = this.meaning(call, scope, ctes);
    const alias = range.alias?.aliasname ?? functionText;
    const column = textOf(range.alias?.colnames?.[0]) || alias;
    scope.add({ alias, columns: new Map([[column, columnOf(column, meaning)]]), tables: [] });
  }

  private meaning(node: Node | undefined, scope: Scope, ctes: Ctes): Meaning {
    const meaning = analyse(node, scope, (select, inner) => this.query(select, ctes, inner, false).columns);
    this.aggregates += meaning.aggregates.length;
    return meaning;
  }

  private single(select: SelectStmt, scope: Scope, ctes: Ctes, hidden: boolean): QueryShape {
    const targets = (select.targetList ?? []).flatMap((node) => ('ResTarget' in node ? [node.ResTarget] : []));
    if (targets.length === 0) throw new SqlRejected('SQL query was invalid. SELECT list is empty');
    if (this.meaning(select.whereClause, scope, ctes).aggregates.length > 0) {
      throw new SqlRejected('SQL query was invalid. Aggregate expression is illegal in WHERE clause');
    }
    for (const node of select.windowClause ?? []) {
      if ('WindowDef' in node)
        for (const part of [...(node.WindowDef.partitionClause ?? []), ...(node.WindowDef.orderClause ?? [])])
          this.meaning(part, scope, ctes);
    }
    const meanings = targets.map((target, index) => {
      const meaning = this.meaning(target.val, scope, ctes);
      target.name ??= outputName(target, index);
      return { target, meaning };
    });
    this.meaning(select.havingClause, scope, ctes);
    const aggregated =
      meanings.some(({ meaning }) => meaning.aggregates.length > 0) ||
      (select.groupClause?.length ?? 0) > 0 ||
      select.havingClause !== undefined;
    if (select.distinctClause?.length && !aggregated && hidden) {
      // DISTINCT is grouping by everything; said so, the hidden columns can tell how many people each row has.
      delete select.distinctClause;
      select.groupClause = targets.map((_, index) => ({ A_Const: { ival: { ival: index + 1 } } }));
      return this.finish(select, scope, ctes, meanings, true, hidden);
    }
    return this.finish(select, scope, ctes, meanings, aggregated, hidden);
  }

  private finish(
    select: SelectStmt,
    scope: Scope,
    ctes: Ctes,
    meanings: readonly Target[],
    aggregated: boolean,
    hidden: boolean,
  ): QueryShape {
    // A key of the group is a dimension, even where it was a sum one floor below.
    const columns = meanings.map(({ target, meaning }) =>
      columnOf(target.name ?? '', aggregated && meaning.aggregates.length === 0 ? { ...meaning, metric: false } : meaning),
    );
    const tables = [...new Set(scope.relations.flatMap((relation) => relation.tables))];
    const people = aggregated ? this.groupPeople(select, scope, ctes, meanings) : { ...usersOfRow(scope), byUser: false };
    if (hidden) {
      select.targetList?.push(
        { ResTarget: { name: USER_COLUMN, val: expression(people.user) } },
        { ResTarget: { name: COUNT_COLUMN, val: expression(people.count) } },
      );
    }
    const rowUser = scope.relations.some((relation) => relation.userColumn !== undefined);
    const rowCount = scope.relations.some((relation) => relation.countColumn !== undefined);
    const userName = scope.relations.length === 1 ? columns.find((column) => column.isUser)?.name : undefined;
    return {
      columns,
      tables,
      hasUser: aggregated ? people.byUser : rowUser,
      hasCount: aggregated ? !people.byUser : rowCount,
      ...(userName !== undefined && { userName }),
    };
  }

  /** A group by person is one person; any other group is counted. */
  private groupPeople(
    select: SelectStmt,
    scope: Scope,
    ctes: Ctes,
    meanings: readonly Target[],
  ): { user: string; count: string; byUser: boolean } {
    const keys = (select.groupClause ?? []).flatMap((node) => groupKeys(node));
    const sets = (select.groupClause ?? []).some((node) => 'GroupingSet' in node);
    for (const key of keys) {
      const target = targetOf(key, meanings, scope);
      const meaning = target?.meaning ?? this.meaning(key, scope, ctes);
      const node = target?.target.val ?? key;
      if (meaning.isUser && !sets) return { user: sqlOf(node), count: 'CAST(NULL AS bigint)', byUser: true };
    }
    const aggregates = meanings.flatMap(({ meaning }) =>
      meaning.aggregates.map((call) => ({ call, meaning: analyse({ FuncCall: call }, scope, () => []) })),
    );
    return { user: 'CAST(NULL AS bigint)', count: usersOfAggregate(aggregates, scope), byUser: false };
  }
}
