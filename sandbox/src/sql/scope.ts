import { invalid, placeOf, type SqlRejected } from './rejection.ts';
import type { SqlType } from './types.ts';

/** What is known about a column or an expression. */
export interface ColumnInfo {
  readonly name: string;
  /** Distinct users a row needs before this may leave: 0 for literals, Infinity for never (reference/amc.md §4.2). */
  readonly needed: number;
  /** HIGH and VERY_HIGH: must not be compared with literals. */
  readonly guarded: boolean;
  /** It is a person's id as it stands in the events. */
  readonly isUser: boolean;
  /** It comes out of an aggregate: a METRIC of the output. */
  readonly metric: boolean;
  /** A value that was written in the query may be in it. */
  readonly literal: boolean;
  /** How large PostgreSQL's expression of it may become, since it puts sub-queries into each other. */
  readonly weight: number;
  readonly type?: SqlType;
}

/**
 * Something in FROM. Its rows stand for a person each (persons; for several where people were joined with other people), for a
 * counted number of people (countColumn), or for either.
 */
export interface Relation {
  readonly alias: string;
  readonly columns: Map<string, ColumnInfo>;
  /** Columns that hold a person's id. */
  readonly persons: readonly string[];
  readonly countColumn?: string;
  /** On the side of an outer join that may find no match: nobody there is then no reason to hide. */
  optional?: boolean;
  /** Base tables behind it, for filteredReasonColumn. */
  readonly tables: readonly string[];
}

/** The columns every sub-query carries along, unseen by the query's author. */
export const USER_COLUMN = 'amc_user';
export const COUNT_COLUMN = 'amc_users';
/** The person columns of a row that stands for several: amc_user, amc_user_2, … */
export const personColumn = (index: number): string => (index === 0 ? USER_COLUMN : `${USER_COLUMN}_${index + 1}`);
/** Whether the sandbox keeps a name for itself; other names that begin with amc_ are in published queries. */
export const isReserved = (name: string): boolean =>
  /^amc_(users?(_\d+)?|sub\d+|rows|people|hidden|capped|reason|source_rows)$/i.test(name);

export class Scope {
  readonly relations: Relation[] = [];
  /** Columns merged by JOIN … USING: naming them plainly is not ambiguous. */
  readonly merged = new Set<string>();
  /** How many people the conditions of joins, WHERE and HAVING need, one by one. */
  readonly conditions: number[] = [];
  /** Literal columns that a condition asks, while and after it is read. */
  readonly asked = new Set<ColumnInfo>();
  asking = false;
  private readonly same: Set<string>[] = [];
  readonly sql: string;
  readonly parent: Scope | undefined;

  constructor(sql: string, parent?: Scope) {
    this.sql = sql;
    this.parent = parent;
  }

  add(relation: Relation): void {
    if (this.relations.some((other) => other.alias === relation.alias)) {
      throw invalid(`Duplicate relation name '${relation.alias}' in FROM clause`);
    }
    this.relations.push(relation);
  }

  /** Asks for more people behind columns of a relation. */
  raise(relation: Relation, needed: number, which: (column: ColumnInfo) => boolean): void {
    for (const [name, column] of relation.columns) {
      if (which(column)) relation.columns.set(name, { ...column, needed: Math.max(column.needed, needed) });
    }
  }

  /** Two relations are joined on the person: their rows stand for one. */
  joinPersons(one: Relation, other: Relation): void {
    if (one.persons.length !== 1 || other.persons.length !== 1) return;
    const joined = this.same.filter((aliases) => aliases.has(one.alias) || aliases.has(other.alias));
    for (const aliases of joined) this.same.splice(this.same.indexOf(aliases), 1);
    this.same.push(new Set([one.alias, other.alias, ...joined.flatMap((aliases) => [...aliases])]));
  }

  /** The persons that a row stands for, each as the columns that may hold the id. */
  persons(): { relation: Relation; column: string }[][] {
    const groups = new Map<unknown, { relation: Relation; column: string }[]>();
    for (const relation of this.relations) {
      for (const column of relation.persons) {
        const key = this.same.find((aliases) => aliases.has(relation.alias)) ?? `${relation.alias}.${column}`;
        groups.set(key, [...(groups.get(key) ?? []), { relation, column }]);
      }
    }
    return [...groups.values()];
  }

  /** Finds a column by its name, with or without its table. */
  find(table: string | undefined, name: string): { column: ColumnInfo; relations: Relation[] } | undefined {
    const candidates = table === undefined ? this.relations : this.relations.filter((relation) => relation.alias === table);
    const found = candidates.filter((relation) => relation.columns.has(name));
    const column = found[0]?.columns.get(name);
    if (!column) return this.parent?.find(table, name);
    if (found.length > 1 && !this.merged.has(name)) throw invalid(`Column '${name}' is ambiguous`);
    return { column, relations: found };
  }

  missing(table: string | undefined, name: string, location: number | undefined): SqlRejected {
    const place = placeOf(this.sql, location, name.length);
    if (table !== undefined && !this.knows(table)) return invalid(`${place}: Table '${table}' not found`);
    return table === undefined
      ? invalid(`${place}: Column '${name}' not found in any table`)
      : invalid(`${place}: Column '${name}' not found in table '${table}'`);
  }

  private knows(table: string): boolean {
    return this.relations.some((relation) => relation.alias === table) || (this.parent?.knows(table) ?? false);
  }
}
