import { quoteName, sqlOf } from '../ast.ts';
import type { AggregateUse } from '../meaning.ts';
import type { Relation, Scope } from '../scope.ts';

/**
 * How many distinct people stand behind a row of an aggregate: the minimum over its metrics of the people who contributed
 * to each (reference/amc.md §4.2). A person contributes to a sum with anything but zero, to other aggregates with anything
 * but NULL. A metric to which nobody contributed (no click at all) says nothing about anybody and is left out; a
 * metric with unresolved contributors only counts as nobody. A group without rows has no count (NULL).
 *
 * Over sub-queries that were aggregated themselves the people are no longer there, only their numbers; the largest
 * number is then what is certain ("at least"), and stands for the union. That is the sandbox's one approximation.
 */
export function usersOfAggregate(aggregates: readonly AggregateUse[], scope: Scope): string {
  const counts = new Set(aggregates.map((use) => usersOfMetric(use, scope)).filter((count) => count !== undefined));
  const fallback =
    leastOf(scope.relations.map((relation) => usersOfRelation(relation, undefined)).filter((count) => count !== undefined)) ?? '0';
  const whole = `CASE WHEN COUNT(*) > 0 THEN ${fallback} END`;
  const least = leastOf([...counts]);
  return `CAST(${least ? `COALESCE(${least}, ${whole})` : whole} AS bigint)`;
}

const leastOf = (counts: readonly string[]): string | undefined => (counts.length > 1 ? `LEAST(${counts.join(', ')})` : counts[0]);

function usersOfMetric(use: AggregateUse, scope: Scope): string | undefined {
  const own = scope.relations.filter((relation) => use.relations.has(relation));
  const relations = own.length > 0 ? own : scope.relations;
  const contributes = contribution(use, relations);
  return leastOf(relations.map((relation) => usersOfRelation(relation, contributes)).filter((count) => count !== undefined));
}

/** The condition under which a row contributes to the aggregate; none when every row does, or when persons are what is counted. */
function contribution({ name, argument, filter, ofUser }: AggregateUse, relations: readonly Relation[]): string | undefined {
  const conditions = filter ? [`(${sqlOf(filter)})`] : [];
  // COUNT(DISTINCT user_id) is its own count; PostgreSQL then computes it once.
  const own = ofUser && argument && 'ColumnRef' in argument && relations.some((relation) => relation.userColumn !== undefined);
  if (argument && !own) conditions.push(name === 'SUM' ? `(${sqlOf(argument)}) <> 0` : `(${sqlOf(argument)}) IS NOT NULL`);
  return conditions.length > 0 ? conditions.join(' AND ') : undefined;
}

function usersOfRelation(relation: Relation, condition: string | undefined): string | undefined {
  const filter = condition ? ` FILTER (WHERE ${condition})` : '';
  const column = (name: string): string => `${quoteName(relation.alias)}.${quoteName(name)}`;
  const counts: string[] = [];
  if (relation.userColumn) {
    const distinct = `COUNT(DISTINCT ${column(relation.userColumn)})${filter}`;
    counts.push(condition ? `CASE WHEN COUNT(*)${filter} > 0 THEN ${distinct} END` : distinct);
  }
  if (relation.countColumn) counts.push(`MAX(${column(relation.countColumn)})${filter}`);
  return counts.length > 1 ? `GREATEST(${counts.join(', ')})` : counts[0];
}

/** The people behind a row that is not aggregated: the first known of its relations' persons, the least of their numbers. */
export function usersOfRow(scope: Scope): { user: string; count: string } {
  const column = (relation: Relation, name: string): string => `${quoteName(relation.alias)}.${quoteName(name)}`;
  const users = scope.relations.flatMap((relation) => (relation.userColumn ? [column(relation, relation.userColumn)] : []));
  const counts = scope.relations.flatMap((relation) => (relation.countColumn ? [column(relation, relation.countColumn)] : []));
  return {
    user: users.length > 1 ? `COALESCE(${users.join(', ')})` : (users[0] ?? 'CAST(NULL AS bigint)'),
    count: leastOf(counts) ?? 'CAST(NULL AS bigint)',
  };
}
