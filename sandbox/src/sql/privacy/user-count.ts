import { quoteName, sqlOf } from '../ast.ts';
import type { AggregateUse, Meaning } from '../meaning.ts';
import type { Relation, Scope } from '../scope.ts';

/**
 * How many distinct people stand behind a row of an aggregate: the least of those behind its keys, and of those who
 * contributed to each metric (reference/amc.md §4.2), counted in every relation that a key or metric comes from. A person
 * contributes to a sum with anything but zero, to other aggregates with anything but NULL. A metric to which nobody
 * contributed (no click at all) says nothing about anybody and is left out, so is the side of an outer join that found no
 * match; a metric with unresolved contributors only counts as nobody. A group without rows has no count (NULL).
 *
 * Over sub-queries that were aggregated themselves the people are no longer there, only their numbers; the largest
 * number is then what is certain ("at least"), and stands for the union. That is the sandbox's one approximation.
 */
export function usersOfAggregate(aggregates: readonly AggregateUse[], keys: readonly Meaning[], scope: Scope): string {
  const ofMetrics = aggregates.flatMap((use) => usersOfMetric(use, scope));
  const ofKeys = scope.relations
    .filter((relation) => keys.some((key) => key.relations.has(relation)))
    .map((relation) => usersOfRelation(relation, undefined));
  const all = scope.relations.map((relation) => usersOfRelation(relation, undefined));
  const known = (counts: readonly (string | undefined)[]): string[] => [...new Set(counts.filter((count) => count !== undefined))];
  const whole = `CASE WHEN COUNT(*) > 0 THEN COALESCE(${leastOf(known(all)) ?? '0'}, 0) END`;
  const least = leastOf(known([...ofMetrics, ...ofKeys]));
  return `CAST(${least ? `COALESCE(${least}, ${whole})` : whole} AS bigint)`;
}

const leastOf = (counts: readonly string[]): string | undefined => (counts.length > 1 ? `LEAST(${counts.join(', ')})` : counts[0]);

function usersOfMetric(use: AggregateUse, scope: Scope): (string | undefined)[] {
  const own = scope.relations.filter((relation) => use.relations.has(relation));
  const relations = own.length > 0 ? own : scope.relations;
  const contributes = contribution(use, relations);
  return relations.map((relation) => usersOfRelation(relation, contributes));
}

/** The condition under which a row contributes to the aggregate; none when every row does, or when persons are what is counted. */
function contribution({ name, argument, filter, ofUser }: AggregateUse, relations: readonly Relation[]): string | undefined {
  const conditions = filter ? [`(${sqlOf(filter)})`] : [];
  // COUNT(DISTINCT user_id) is its own count; PostgreSQL then computes it once.
  const own = ofUser && argument && 'ColumnRef' in argument && relations.some((relation) => relation.persons.length > 0);
  if (argument && !own) conditions.push(name === 'SUM' ? `(${sqlOf(argument)}) <> 0` : `(${sqlOf(argument)}) IS NOT NULL`);
  return conditions.length > 0 ? conditions.join(' AND ') : undefined;
}

function usersOfRelation(relation: Relation, condition: string | undefined): string | undefined {
  const filter = condition ? ` FILTER (WHERE ${condition})` : '';
  const column = (name: string): string => `${quoteName(relation.alias)}.${quoteName(name)}`;
  const persons = relation.persons.map((name) => {
    const distinct = `COUNT(DISTINCT ${column(name)})${filter}`;
    if (relation.optional) return `NULLIF(${distinct}, 0)`;
    return condition ? `CASE WHEN COUNT(*)${filter} > 0 THEN ${distinct} END` : distinct;
  });
  const ofPersons = leastOf(persons);
  const counted = relation.countColumn && `MAX(${column(relation.countColumn)})${filter}`;
  return ofPersons && counted ? `GREATEST(${ofPersons}, ${counted})` : (ofPersons ?? counted);
}

/** The people behind a row that is not aggregated: each person of its relations; or, where there is none, the least of their numbers. */
export function usersOfRow(scope: Scope): { persons: string[]; count: string } {
  const column = (relation: Relation, name: string): string => `${quoteName(relation.alias)}.${quoteName(name)}`;
  const persons = scope.persons().map((same) => {
    const columns = same.map(({ relation, column: name }) => column(relation, name));
    return columns.length > 1 ? `COALESCE(${columns.join(', ')})` : (columns[0] ?? '');
  });
  const count = leastOf(scope.relations.flatMap((relation) => (relation.countColumn ? [column(relation, relation.countColumn)] : [])));
  if (count === undefined) return { persons, count: 'CAST(NULL AS bigint)' };
  // A row of a union has the one or the other; a row that was joined is a person's as soon as a person is in it.
  const alone = scope.relations.length === 1;
  const maybeNobody = alone || scope.relations.every((relation) => relation.persons.length === 0 || relation.optional);
  if (persons.length === 0 || alone) return { persons, count };
  return { persons, count: maybeNobody ? `CASE WHEN COALESCE(${persons.join(', ')}) IS NULL THEN ${count} END` : 'CAST(NULL AS bigint)' };
}
