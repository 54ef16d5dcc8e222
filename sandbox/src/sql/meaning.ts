import type { Node } from '@pgsql/types';
import type { ColumnInfo, Relation } from './scope.ts';

/** An aggregate call: what the people behind its value are counted by (privacy/user-count.ts). */
export interface AggregateUse {
  readonly name: string;
  /** What is aggregated; nothing for COUNT(*). Translated in place, so that its SQL is PostgreSQL's in the end. */
  readonly argument?: Node;
  readonly filter?: Node;
  /** It counts persons: COUNT(DISTINCT user_id). */
  readonly ofUser: boolean;
  /** What is aggregated is HIGH or VERY_HIGH. */
  readonly guarded: boolean;
  readonly relations: ReadonlySet<Relation>;
}

/** What an expression is made of. */
export interface Meaning extends Omit<ColumnInfo, 'name'> {
  readonly relations: ReadonlySet<Relation>;
  /** Outermost aggregate calls in it. */
  readonly aggregates: readonly AggregateUse[];
  /** The text, where it is known before any row is read. */
  readonly text?: string;
}

/** A value that stands in the query itself. */
export const LITERAL: Meaning = {
  needed: 0,
  guarded: false,
  isUser: false,
  metric: false,
  literal: true,
  weight: 1,
  relations: new Set(),
  aggregates: [],
};

/** Strictest of the parts; what it is called and typed is no longer known. Without parts it is made of nothing that anybody wrote. */
export function combine(parts: readonly Meaning[]): Meaning {
  return {
    needed: Math.max(0, ...parts.map((part) => part.needed)),
    guarded: parts.some((part) => part.guarded),
    isUser: false,
    metric: parts.some((part) => part.metric),
    literal: parts.some((part) => part.literal),
    weight: parts.reduce((sum, part) => sum + part.weight, 1),
    relations: new Set(parts.flatMap((part) => [...part.relations])),
    aggregates: parts.flatMap((part) => part.aggregates),
  };
}

/** The meaning with another type, or with none. */
export function typed(meaning: Meaning, type: Meaning['type']): Meaning {
  const { type: _before, text: _text, ...rest } = meaning;
  return type ? { ...rest, type } : rest;
}
