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
  readonly type?: SqlType;
}

/** Something in FROM. Its rows stand for one person each (userColumn), for a counted number of people (countColumn), or either. */
export interface Relation {
  readonly alias: string;
  readonly columns: Map<string, ColumnInfo>;
  readonly userColumn?: string;
  readonly countColumn?: string;
  /** Base tables behind it, for filteredReasonColumn. */
  readonly tables: readonly string[];
}

/** The columns every sub-query carries along, unseen by the query's author. */
export const USER_COLUMN = 'amc_user';
export const COUNT_COLUMN = 'amc_users';

export class Scope {
  readonly relations: Relation[] = [];
  /** Columns merged by JOIN … USING: naming them plainly is not ambiguous. */
  readonly merged = new Set<string>();
  /** How many people the conditions of joins, WHERE and HAVING need, one by one. */
  readonly conditions: number[] = [];
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

  /** Asks for more people behind every column of a relation. */
  raise(relation: Relation, needed: number): void {
    for (const [name, column] of relation.columns) {
      relation.columns.set(name, { ...column, needed: Math.max(column.needed, needed) });
    }
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
