import { SandboxLacks } from '../rejection.ts';
import type { Relation, Scope } from '../scope.ts';
import type { QueryShape } from '../shape.ts';

/** Made of VALUES alone: nobody stands behind its rows. */
const ofConstants = (relation: Relation): boolean => relation.tables.length === 0;

/** Whether a query reads constants only, so that its rows tell of nobody. */
export const onlyConstants = (scope: Scope): boolean => scope.relations.length > 0 && scope.relations.every(ofConstants);

/**
 * Constants that were matched with a column tell what is in the column: they need as many people as it does. Without this
 * a list of campaigns beside the traffic would show the campaign of a single person.
 */
export function judgeConstants(scope: Scope): void {
  if (onlyConstants(scope)) return;
  const needed = Math.max(0, ...scope.conditions);
  for (const relation of scope.relations) scope.raise(relation, needed, (column) => ofConstants(relation) || scope.asked.has(column));
}

/** Rows of constants have no people to count, so a sub-query over people must not choose among them. */
export function assertAmongPeople(subQuery: QueryShape, { scope }: { scope: Scope }): void {
  if (subQuery.tables.length > 0 && scope.relations.every(ofConstants)) throw new SandboxLacks('a sub-query beside nothing but constants');
}
