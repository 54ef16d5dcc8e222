import type { DialectContext } from '../dialect.ts';
import type { SqlType } from '../types.ts';

/**
 * What an argument may be. `text`, `number`, `whole` and `time` take what converts to it, as Amazon converts by itself;
 * `sum` takes numbers alone, as aggregates do; `part` is a name that has to stand in the query (a time unit, a zone), `pattern` a text that has to.
 */
export type ParameterKind = 'any' | 'array' | 'binary' | 'boolean' | 'number' | 'part' | 'pattern' | 'sum' | 'text' | 'time' | 'whole';

/** The call as it was written. */
export interface Call {
  readonly types: readonly (SqlType | undefined)[];
  /** Arguments that are known before any row is read. */
  readonly texts: readonly (string | undefined)[];
  readonly dialect: DialectContext;
}

/**
 * A function of Amazon's (its page of AMC SQL functions; `undocumented` where it is known from published queries only).
 * An example is an expression and what the result file holds for it, computed by hand or by another tool, never by the
 * function itself; the tests run every one, and a function without any fails.
 */
export interface AmcFunction {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly takes: readonly ParameterKind[];
  /** How many of `takes` may be left out at the end. */
  readonly optional?: number;
  /** Any number of further arguments of the last kind. */
  readonly variadic?: boolean;
  readonly gives: SqlType | ((call: Call) => SqlType | undefined);
  /** PostgreSQL's expression over $1, $2, …; of an aggregate one call. */
  readonly sql: string | ((call: Call) => string);
  readonly kind?: 'aggregate' | 'window';
  /** It puts values side by side and tells nothing of one by the other; any other must not see a guarded column and a literal. */
  readonly sideBySide?: true;
  /** The text of the call, where it is known before any row is read. */
  readonly text?: (call: Call) => string | undefined;
  readonly examples: readonly (readonly [expression: string, result: string])[];
  readonly undocumented?: true;
}

export const amcFunction = (definition: AmcFunction): AmcFunction => definition;

/** Whether PostgreSQL computes it over sorted rows, and then neither over a window nor over distinct values. */
export const ordersItself = (known: AmcFunction): boolean => typeof known.sql === 'string' && known.sql.includes('WITHIN GROUP');

/** $1, $2, … of a call. */
export const places = (call: Call): string[] => call.types.map((_, index) => `$${index + 1}`);
