import type { Node, SelectStmt } from '@pgsql/types';
import { invalid, SandboxLacks } from '../rejection.ts';
import type { Scope } from '../scope.ts';
import type { QueryShape } from '../shape.ts';
import { columnOf, outputName, type Target } from '../target.ts';
import { judgeConstants } from '../privacy/literals.ts';
import { usersOfRow } from '../privacy/user-count.ts';
import { groupByAlias, havingAlias } from './alias.ts';
import { asked } from './asked.ts';
import { distinctPeople, distinctRows } from './distinct.ts';
import { groupKeyMeanings, groupPeople } from './group.ts';
import { hiddenColumns } from './hidden-columns.ts';
import { judgedValues } from './judged-values.ts';
import type { Ctes, QueryMode, QueryWork } from './query-work.ts';
import { joinPersons } from './same-person.ts';

/** One SELECT over what its FROM brought into the scope. */
export function single(select: SelectStmt, scope: Scope, ctes: Ctes, mode: QueryMode, work: QueryWork): QueryShape {
  const hidden = mode === 'rows';
  const read = (node: Node | undefined) => work.read(node, scope, ctes);
  const targets = (select.targetList ?? []).flatMap((node) => ('ResTarget' in node ? [node.ResTarget] : []));
  if (targets.length === 0) throw invalid('SELECT list is empty');
  targets.forEach((target, index) => (target.name ??= outputName(target, index)));
  groupByAlias(select, targets);
  havingAlias(select, targets, (name) => scope.find(undefined, name) !== undefined);
  const where = asked(select.whereClause, scope, read);
  if (where.aggregates.length > 0) throw invalid('Aggregate expression is illegal in WHERE clause');
  joinPersons(select.whereClause, scope);
  scope.conditions.push(where.needed, asked(select.havingClause, scope, read).needed);
  judgeConstants(scope);
  for (const node of select.windowClause ?? []) {
    if ('WindowDef' in node) [...(node.WindowDef.partitionClause ?? []), ...(node.WindowDef.orderClause ?? [])].forEach(read);
  }
  const meanings = targets.map((target): Target => ({ target, meaning: read(target.val) }));
  // Without LIMIT an order changes nothing: what it names must be there, and that is all.
  for (const item of select.sortClause ?? []) readSortKey(item, targets, read);
  delete select.sortClause;

  const counted = meanings.some(({ meaning }) => meaning.aggregates.length > 0) || select.havingClause !== undefined;
  const windowed = targets.some((target) => holdsWindow(target.val));
  const grouped = (select.groupClause?.length ?? 0) > 0;
  const distinct = (select.distinctClause?.length ?? 0) > 0;
  if (counted || grouped || distinct) work.groups++;
  if (distinct && hidden && !counted && !windowed && !grouped) {
    // DISTINCT is grouping by everything; said so, the hidden columns can tell how many people each row has.
    delete select.distinctClause;
    select.groupClause = targets.map((_, index) => ({ A_Const: { ival: { ival: index + 1 } } }));
    return finish(select, scope, ctes, meanings, true, mode, work);
  }
  if (distinct && hidden) delete select.distinctClause;
  const shape = finish(select, scope, ctes, meanings, counted || grouped, mode, work);
  if (distinct && hidden) distinctRows(select, shape);
  return distinct && hidden ? { ...shape, ...distinctPeople(shape) } : shape;
}

function readSortKey(item: Node, targets: readonly { name?: string }[], read: (node: Node) => unknown): void {
  const key = 'SortBy' in item ? item.SortBy.node : undefined;
  if (!key || 'A_Const' in key) return;
  const name = 'ColumnRef' in key && key.ColumnRef.fields?.length === 1 ? key.ColumnRef.fields[0] : undefined;
  const alias = name && 'String' in name ? name.String.sval : undefined;
  if (!targets.some((target) => target.name === alias)) read(key);
}

function holdsWindow(value: unknown): boolean {
  if (value === null || typeof value !== 'object') return false;
  if ('SubLink' in value) return false;
  return ('over' in value && value.over !== undefined) || Object.values(value).some(holdsWindow);
}

function finish(
  select: SelectStmt,
  scope: Scope,
  ctes: Ctes,
  meanings: readonly Target[],
  aggregated: boolean,
  mode: QueryMode,
  work: QueryWork,
): QueryShape {
  // A key of the group is a dimension, even where it was a sum one floor below.
  const columns = meanings.map(({ target, meaning }) =>
    columnOf(target.name ?? '', {
      ...meaning,
      metric: meaning.metric && !(aggregated && meaning.aggregates.length === 0),
      // Groups are computed before anything is put into another query.
      weight: aggregated ? 1 : meaning.weight,
    }),
  );
  const tables = [...new Set(scope.relations.flatMap((relation) => relation.tables))];
  const keys = groupKeyMeanings(select, meanings, (node) => work.read(node, scope, ctes));
  const people = aggregated ? groupPeople(select, scope, keys, meanings) : { ...usersOfRow(scope), byUser: false };
  if (!work.open && aggregated && !people.byUser) assertNoneAmongMany(meanings);
  if (mode === 'rows') select.targetList?.push(...hiddenColumns(people));
  if (mode === 'value' && !work.open) return { columns: judgedValues(meanings, columns, people), tables, persons: 0, hasCount: false };
  const userName = scope.relations.length === 1 ? columns.find((column) => column.isUser && column.type === 'USER')?.name : undefined;
  return {
    columns,
    tables,
    persons: people.persons.length,
    hasCount: aggregated ? !people.byUser : scope.relations.some((relation) => relation.countColumn !== undefined),
    ...(userName !== undefined && { userName }),
  };
}

/** The least postal code of many people is one person's, and a list of them everybody's. */
function assertNoneAmongMany(meanings: readonly Target[]): void {
  const use = meanings.flatMap(({ meaning }) => meaning.aggregates).find(({ name, guarded }) => guarded && name !== 'COUNT');
  if (use) throw new SandboxLacks(`${use.name} of a column with aggregation threshold HIGH or VERY_HIGH over several people`);
}
